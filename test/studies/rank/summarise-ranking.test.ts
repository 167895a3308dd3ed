import { describe, expect, it } from 'vitest'
import { tinySetup } from '../../../src/conformance/executor/tiny-setup.js'
import { defaultFearOptions } from '../../../src/evaluators/fear/settings.js'
import { noCost, type Outcome } from '../../../src/evaluators/outcome.js'
import { type MethodRun, type RankingOptions, truthMethod } from '../../../src/studies/rank/ranking.js'
import { summariseRanking } from '../../../src/studies/rank/summarise-ranking.js'

const options: RankingOptions = {
  seed: 1,
  setup: await tinySetup(),
  strategy: { name: 'random', duplicates: 'isomorphism' },
  architectures: 6,
  truth: { accuracy: 'test', sharedSeeds: false },
  methods: [],
  bootstrap: 100,
}

/** A score with its seconds; `[validation, seconds, test]` of a full training; null: below the threshold in 9 seconds. */
type Row = readonly [score: number, seconds: number, test?: number] | null

function outcome(row: Row): Outcome {
  const cost = { ...noCost, computeSeconds: row?.[1] ?? 9 }
  const spent = { cost, phases: { train: cost } }
  if (row === null) return { kind: 'below-threshold', bestTrainAccuracy: 0.1, ...spent }
  const [score, , testAccuracy] = row
  const accuracies = { trainAccuracy: score, validationAccuracy: testAccuracy === undefined ? null : score }
  return {
    kind: 'scored',
    score,
    metric: 'train-accuracy',
    ...accuracies,
    ...(testAccuracy === undefined ? {} : { testAccuracy }),
    ...spent,
  }
}

function run(name: string, rows: readonly Row[]): MethodRun {
  const trials = rows.map((row, index) => ({ index, architecture: `architecture ${index}`, outcome: outcome(row) }))
  return { ...truthMethod, name, trials, wallSeconds: 5 }
}

// By test accuracy the order is 3, 0, 4, 5, 1, 2.
const truth = run('full-training', [
  [0.8, 60, 0.85],
  [0.5, 20, 0.55],
  [0.4, 10, 0.45],
  [0.9, 40, 0.95],
  [0.7, 30, 0.75],
  [0.6, 50, 0.65],
])
// FEAR drops architecture 5; the best three of its own are 3, 0, 4 with the scores 7, 9, 6.
const fear: MethodRun = {
  ...run('fear', [[9, 3], [5, 1], [4, 1], [7, 2], [6, 4], null]),
  evaluator: defaultFearOptions,
}
// Ranks everything the wrong way round.
const worst = run('worst', [
  [0.1, 1],
  [0.4, 1],
  [0.5, 1],
  [0.05, 1],
  [0.2, 1],
  [0.3, 1],
])
const summary = summariseRanking(options, [truth, fear, worst])

const figuresOf = (name: string, subset: 'common' | 'own', percent: number) =>
  summary.methods.find((method) => method.name === name)?.[subset].find((row) => row.percent === percent)

describe('a ranking worked out by hand', () => {
  it('sets scores against test accuracy on the architectures that all methods scored, and on each one its own', () => {
    expect(summary.commonArchitectures).toBe(5)
    // Half of five are two, of six three.
    expect(figuresOf('full-training', 'common', 50)?.architectures).toBe(2)
    expect(figuresOf('full-training', 'own', 50)?.architectures).toBe(3)
    expect(figuresOf('fear', 'own', 100)?.architectures).toBe(5)
    expect(figuresOf('fear', 'own', 10)).toMatchObject({
      architectures: 0,
      spearman: { value: null, low: null, high: null },
      commonRatio: { value: null },
      seconds: { mean: null, standardError: null },
    })
  })

  it('gives Spearman, Kendall and the common ratio', () => {
    // All five: truth 3 0 4 1 2 from the best, scores 7 9 6 5 4: one pair of ten exchanged, ranks differ by 1 twice.
    const all = figuresOf('fear', 'common', 100)
    expect(all?.spearman.value).toBeCloseTo(1 - (6 * 2) / (5 * 24), 12)
    expect(all?.kendall.value).toBeCloseTo((9 - 1) / 10, 12)
    // The best two by truth are 3 and 0, by score 0 and 3, the wrong way round.
    expect(figuresOf('fear', 'common', 50)).toMatchObject({ commonRatio: { value: 1 }, kendall: { value: -1 } })
    // The best one is 3 by truth, 0 by score.
    expect(figuresOf('fear', 'common', 20)?.commonRatio.value).toBe(0)
    expect(figuresOf('worst', 'own', 100)?.spearman.value).toBeCloseTo(-1, 12)
    expect(figuresOf('worst', 'own', 50)?.commonRatio.value).toBe(0)
    expect(figuresOf('full-training', 'own', 100)?.kendall.value).toBeCloseTo(1, 12)
  })

  it('tells how far the first evaluator is ahead of the others', () => {
    const lead = (name: string) =>
      summary.methods.find((method) => method.name === name)?.common.find(({ percent }) => percent === 100)?.lead
    expect(lead('fear')).toEqual({ value: 0, low: null, high: null })
    // 0.9 less -1, and 0.9 less 1.
    expect(lead('worst')?.value).toBeCloseTo(1.9, 12)
    expect(lead('full-training')?.value).toBeCloseTo(-0.1, 12)
  })

  it('gives a correlation an interval from ten architectures on, a ratio from five on', () => {
    const rows = Array.from({ length: 10 }, (_, i): Row => [i / 10, 1, i / 10])
    const leads = (count: number) => {
      const [all, first, reversed] = [rows.slice(0, count), rows.slice(0, count), rows.slice(0, count).toReversed()]
      const runs = [run('full-training', all), run('first', first), run('reversed', reversed)]
      return summariseRanking(options, runs).methods[2]?.common.at(-1)
    }
    const nine = leads(9)
    for (const figure of [nine?.spearman, nine?.kendall, nine?.lead])
      expect(figure).toMatchObject({ low: null, high: null })
    expect(nine?.spearman.value).toBeCloseTo(-1, 12)
    expect(nine?.commonRatio).toEqual({ value: 1, low: 1, high: 1 })
    expect(leads(4)?.commonRatio).toEqual({ value: 1, low: null, high: null })
    expect(leads(10)?.spearman.low).toBeCloseTo(-1, 12)
    expect(leads(10)?.lead.low).toBeCloseTo(2, 12)
  })

  it('gives seconds over the same architectures, with the standard error', () => {
    // FEAR took 2 s for 3 and 3 s for 0; of two values 0.5 apart from their mean it is 0.5.
    const two = figuresOf('fear', 'common', 50)
    expect(two?.seconds.mean).toBeCloseTo(2.5, 12)
    expect(two?.seconds.standardError).toBeCloseTo(0.5, 12)
    expect(figuresOf('full-training', 'own', 50)?.seconds.mean).toBeCloseTo((40 + 60 + 30) / 3, 12)
  })

  it('counts what became of every architecture and what all of them cost', () => {
    expect(summary.methods.find(({ name }) => name === 'fear')).toMatchObject({
      outcomes: { scored: 5, 'below-threshold': 1 },
      computeSeconds: 3 + 1 + 1 + 2 + 4 + 9,
      wallSeconds: 5,
    })
  })

  it('gives every interval around or beside its value, and the same ones every time', () => {
    const all = figuresOf('fear', 'own', 100)
    expect(all?.commonRatio.low).toBeLessThanOrEqual(all?.commonRatio.value as number)
    expect(all?.commonRatio.high).toBeGreaterThanOrEqual(all?.commonRatio.value as number)
    expect(summariseRanking(options, [truth, fear, worst])).toEqual(summary)
  })

  it('lists every architecture with its truth and scores', () => {
    expect(summary.architectures).toHaveLength(6)
    expect(summary.architectures[5]).toEqual({
      trial: 5,
      architecture: 'architecture 5',
      truth: 0.65,
      scores: { 'full-training': 0.6, fear: null, worst: 0.3 },
    })
  })

  it('takes validation accuracy as the truth if asked to', () => {
    const validation = { ...options, truth: { ...options.truth, accuracy: 'validation' as const } }
    expect(summariseRanking(validation, [truth, fear]).architectures.map((row) => row.truth)).toEqual([
      0.8, 0.5, 0.4, 0.9, 0.7, 0.6,
    ])
  })

  it('is made of what there is when a method or its truth was stopped', () => {
    const { methods, commonArchitectures } = summariseRanking(options, [run('full-training', []), fear])
    expect(commonArchitectures).toBe(0)
    expect(methods[1]?.own.map(({ architectures }) => architectures)).toEqual([0, 0, 0, 0, 0, 0])
  })

  it('takes a score that is no number, or that JSON could not hold, for none', () => {
    const odd = run('odd', [
      [Number.NaN, 1],
      [Infinity, 1],
      [1, 1],
      [2, 1],
      [null as unknown as number, 1],
      [3, 1],
    ])
    expect(summariseRanking(options, [truth, odd]).commonArchitectures).toBe(3)
  })
})
