import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { describeSpace } from '../../src/conformance/index.js'
import { chainSpace } from './example-space.js'

describeSpace('of the documentation', chainSpace)

it('counts its duplicates: 1 + 3 + 9 + 27 + 81 chains are left', () => {
  expect(chainSpace.size).toBe(256)
  expect(chainSpace.distinct('isomorphism')).toBe(121)
})

it('docs/spaces.md shows this space', () => {
  const source = readFileSync(new URL('./example-space.ts', import.meta.url), 'utf8')
    .replace("'../../src/platform/errors.js'", "'../platform/errors.js'")
    .replaceAll("'../../src/spaces/", "'./")
  expect(readFileSync('docs/spaces.md', 'utf8')).toContain(`\`\`\`ts\n${source}\`\`\`\n`)
})
