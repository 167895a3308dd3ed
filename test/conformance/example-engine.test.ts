import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { describeEngine } from '../../src/conformance/index.js'
import { exampleEngine } from './example-engine.js'

describeEngine('of the documentation', () => exampleEngine, {
  fuzzRuns: 20,
  skip: [{ test: 'memory: given back by dispose', reason: 'the garbage collector decides when' }],
})

it('docs/engines.md shows this engine', () => {
  const source = readFileSync(new URL('./example-engine.ts', import.meta.url), 'utf8')
    .replace("'../../src/conformance/index.js'", "'fear-nas/conformance'")
    .replace("'../../src/engine.js'", "'fear-nas/engine'")
  expect(readFileSync('docs/engines.md', 'utf8')).toContain(`\`\`\`ts\n${source}\`\`\`\n`)
})
