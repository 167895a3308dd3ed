import { writeFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { ConfigError } from '../../../src/platform/errors.js'
import { ownPart, settingsOf } from '../../../src/platform/parts/own-part.js'
import type { PartKind } from '../../../src/platform/parts/part-kind.js'
import { PartValue } from '../../../src/platform/parts/part-value.js'
import { temporaryFolder } from '../../support/temporary-folder.js'

const module = path.join(temporaryFolder('own-part'), 'mine.cjs')
writeFileSync(module, 'exports.default = (...given) => ({ given })\n')

const passed = (value: unknown) => ({ name: 'value', value: new PartValue('mine', value) }) as const
const echo = (...given: readonly unknown[]) => ({ given })
const kinds: readonly PartKind[] = ['strategy', 'evaluator', 'search space', 'data set', 'engine']

describe('a part from outside', () => {
  it.each(kinds)('is made by the factory of a module: %s', (kind) => {
    const options = { name: 'module', module, settings: { epochs: 3 } } as const
    expect(ownPart(options, kind, settingsOf(options), 2)).toEqual({
      made: { given: [{ epochs: 3 }, 2] },
      subject: `${module} made`,
    })
  })

  it.each<PartKind>(['evaluator', 'search space', 'engine'])('is the value itself: %s', (kind) => {
    expect(ownPart(passed(echo), kind, 1)).toEqual({ made: echo, subject: 'The value "mine" is' })
  })

  it.each<PartKind>(['strategy', 'data set'])('is made by a value that is a factory: %s', (kind) => {
    const part = ownPart(passed(echo), kind, settingsOf(passed(echo)), 2)
    expect(part).toEqual({ made: { given: [{}, 2] }, subject: 'The value "mine" made' })
  })

  it('may be images instead of a factory of them, but no strategy that is already made', () => {
    const made = { ask: () => 'a' }
    expect(ownPart(passed(made), 'data set')).toEqual({ made, subject: 'The value "mine" is' })
    const wrong = new ConfigError('The value "mine" made no strategy: factory is not a function')
    expect(() => ownPart(passed(made), 'strategy')).toThrow(wrong)
  })
})
