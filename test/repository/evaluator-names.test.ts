import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { evaluatorNames, isOwn } from '../../src/evaluators/registry.js'

/**
 * Names that have no other meaning. `calibration` is also an activity of the ledger, a part of seeds and a key of summaries;
 * `module` and `value` are the doors of every kind of part.
 */
const names = evaluatorNames.filter((name) => name !== 'calibration' && !isOwn({ name }))

/** A name as a whole text or as the key of an object. `zero-cost` is also a metric of outcomes. */
function namesIn(text: string): readonly string[] {
  const code = text.replaceAll("metric: 'zero-cost'", '').replaceAll(/^\s*(?:\/?\*|\/\/).*$/gm, '')
  const any = names.join('|')
  return [...code.matchAll(new RegExp(`(['"\`])(?:${any})\\1|(?<![\\w'-])(?:${any}):(?! \\{ name)`, 'g'))].map(
    ([found]) => found,
  )
}

describe("evaluators' names", () => {
  it('are found where there is one', () => {
    expect(namesIn("if (evaluator.name === 'fear') {")).toEqual(["'fear'"])
    expect(namesIn('const titles = { fear: 1 }')).toEqual(['fear:'])
    expect(namesIn("outcome = { metric: 'zero-cost' }")).toEqual([])
    expect(namesIn("ledger.charge(arm, 'calibration', outcome)")).toEqual([])
  })

  it('stand in src/evaluators only: all others ask the registry for traits', () => {
    const files = readdirSync('src', { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.ts') && !file.startsWith(`evaluators${path.sep}`))
      .flatMap((file) => namesIn(readFileSync(path.join('src', file), 'utf8')).map((name) => `${file}: ${name}`))
    expect(files).toEqual([])
  })
})
