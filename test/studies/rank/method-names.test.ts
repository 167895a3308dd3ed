import { describe, expect, it } from 'vitest'
import { defaultFearOptions } from '../../../src/evaluators/fear/settings.js'
import { nameMethods } from '../../../src/studies/rank/method-names.js'

const short = { name: 'short-training', epochs: 2, batch: 128, score: 'train', scoreEpoch: 'best' } as const
const names = (...evaluators: Parameters<typeof nameMethods>[0]) => nameMethods(evaluators).map(({ name }) => name)

describe('nameMethods', () => {
  it("is the evaluator's own name where that tells them apart", () => {
    expect(names(defaultFearOptions, short)).toEqual(['fear', 'short-training'])
  })

  it('adds the settings in which evaluators of one name differ, and no others', () => {
    expect(names(defaultFearOptions, short, { ...short, epochs: 4 })).toEqual([
      'fear',
      'short-training epochs=2',
      'short-training epochs=4',
    ])
    expect(names(short, { ...short, epochs: 4, batch: 256 }, { ...short, score: 'validation' })).toEqual([
      'short-training epochs=2 batch=128 train',
      'short-training epochs=4 batch=256 train',
      'short-training epochs=2 batch=128 validation',
    ])
  })

  it('finds settings inside groups', () => {
    const other = { ...defaultFearOptions, ratio: null, stage2: { ...defaultFearOptions.stage2, epochs: 1 } }
    expect(names(defaultFearOptions, other)).toEqual([
      'fear ratio=4 stage2.epochs=5',
      'fear ratio=null stage2.epochs=1',
    ])
  })
})
