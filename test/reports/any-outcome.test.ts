import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Evaluation } from '../../src/evaluators/evaluator.js'
import { type Cost, type Outcome, outcomeKinds } from '../../src/evaluators/outcome.js'
import type { EvaluationTask } from '../../src/execution/executor.js'
import { createSimulatedExecutor } from '../../src/execution/simulated-executor.js'
import { ManualClock } from '../../src/platform/clock.js'
import { renderReport } from '../../src/reports/html/report.js'
import { renderRanking } from '../../src/reports/ranking-table.js'
import { renderRepetitions } from '../../src/reports/repetitions-table.js'
import { renderSummary } from '../../src/reports/table.js'
import { type RecordedRanking, readRecordedRun } from '../../src/results/recorded-run.js'
import { poolRepetitions } from '../../src/results/repetitions.js'
import type { MethodRun, RankingOptions } from '../../src/studies/index.js'
import { summariseRanking } from '../../src/studies/rank/summarise-ranking.js'
import { hash, type ToyWorld, toyFear, toyTest } from '../search/toy-evaluation.js'
import { toyRanking } from './toy-ranking.js'
import { recordToyStudy, threeArms } from './toy-report.js'

/** What may become of a trial. A lost one has failed twice, for nothing that it was charged for. */
type Fate = Outcome['kind'] | 'lost'

interface Drawn {
  readonly fate: Fate
  readonly score: number
  /** FLOPs, and as many seconds. */
  readonly spent: number
}

function costOf(spent: number): Cost {
  return { computeSeconds: spent, trainingFlops: spent, steps: Math.ceil(spent), epochs: Math.ceil(spent) }
}

function outcomeOf({ fate, score, spent }: Drawn, isFear: boolean): Outcome {
  const cost = costOf(spent)
  const base = { cost, phases: isFear ? { stage1: cost } : { train: cost } }
  switch (fate) {
    case 'scored': {
      const accuracies = { trainAccuracy: score, validationAccuracy: isFear ? null : score }
      return { kind: fate, score, metric: 'train-accuracy', ...accuracies, ...base }
    }
    case 'rejected':
      return { kind: fate, limit: spent, unit: 'work', bestTrainAccuracy: score, ...base }
    case 'below-threshold':
      return { kind: fate, bestTrainAccuracy: score, ...base }
    case 'diverged':
      return { kind: fate, phase: 'train', epoch: 0, ...base }
    case 'timed-out':
      return { kind: fate, limitSeconds: 1, ...base }
    case 'aborted':
      return { kind: fate, phase: 'train', ...base }
    case 'failed':
      return { kind: fate, message: 'it broke', ...base }
    case 'lost':
      return { kind: 'failed', message: 'the worker ended', workerLost: true, attempts: 2, cost: costOf(0), phases: {} }
  }
}

/** Evaluations that are drawn: of each evaluator and architecture always the same. */
function drawnWorld(fates: readonly Drawn[]): ToyWorld {
  const clock = new ManualClock()
  const evaluate = ({ architecture, evaluator }: EvaluationTask): Evaluation => {
    const drawn = fates[hash(`${evaluator.name} ${architecture}`) % fates.length] as Drawn
    const outcome = outcomeOf(drawn, evaluator.name === 'fear')
    if (outcome.kind !== 'scored') return { outcome }
    const none = new Float32Array(0)
    return {
      outcome,
      weights: { parameters: Float32Array.of(drawn.score), runningMean: none, runningVariance: none },
    }
  }
  return { clock, executor: createSimulatedExecutor({ workers: 2, clock, evaluate, test: toyTest }) }
}

const score = fc.oneof(fc.constantFrom(0, 0.5, 1), fc.double({ min: 0, max: 1, noNaN: true }))
const spent = fc.oneof(fc.constantFrom(0, 0, 1), fc.double({ min: 1e-6, max: 1000, noNaN: true }))
const drawn = fc.record({
  fate: fc.constantFrom<Fate>(...outcomeKinds, 'scored', 'scored', 'lost'),
  score,
  spent,
})
const fates = fc.oneof(
  fc.array(drawn, { minLength: 1, maxLength: 8 }),
  // All alike: every trial scored, rejected, lost and so on.
  drawn.map((one) => [one]),
)
const trials = fc.oneof(fc.constantFrom(0, 1, 2, 3), fc.integer({ min: 4, max: 12 }))
const searches = fc.constantFrom(0, 1, 45)

/** What random cases found. */
const scoredFree: Drawn = { fate: 'scored', score: 0, spent: 0 }
const found: [Drawn[], number, number, boolean][] = [
  // Full training is free, and one architecture of FEAR is not.
  [[scoredFree, scoredFree, { ...scoredFree, spent: 1e-6 }, { ...scoredFree, fate: 'lost' }], 5, 0, false],
  // The worker of one of two trials is lost.
  [
    [
      { fate: 'lost', score: 0, spent: 0 },
      { fate: 'scored', score: 0.5, spent: 10 },
    ],
    2,
    1000,
    false,
  ],
]

const noNumber = /\b(?:NaN|Infinity|undefined)\b|∞|\[object /

/** Without the names of files and architectures there is no such word in any text. */
function expectNumbers(text: string): void {
  const at = text.search(noNumber)
  expect(at < 0 ? '' : text.slice(Math.max(0, at - 150), at + 50)).toBe('')
}

describe('whatever becomes of the trials', () => {
  let name = 0

  it('a comparison and a search have a summary, tables and a report, without a number that is none', async () => {
    await fc.assert(
      fc.asyncProperty(fates, trials, searches, fc.boolean(), async (outcomes, count, replays, alone) => {
        const resampling = replays === 0 ? null : { searches: replays, architectures: null, replacement: true }
        const arms = alone ? threeArms.slice(0, 1) : threeArms
        const study = { arms, resampling, budget: { trials: count } }
        const { directory, summary } = await recordToyStudy(`any-${name++}`, study, () => {}, drawnWorld(outcomes))
        expectNumbers(renderSummary(summary))
        expectNumbers(JSON.stringify(JSON.parse(JSON.stringify(summary))))
        if (!alone) expectNumbers(renderRepetitions(poolRepetitions([summary, summary])))
        expectNumbers(await renderReport(await readRecordedRun(directory)))
      }),
      { numRuns: 25, examples: found },
    )
  })

  it('a ranking has them too', async () => {
    const rows = fc.array(fc.tuple(drawn, drawn, drawn), { maxLength: 12 })
    const options = { bootstrap: 45, seed: 1, truth: { accuracy: 'test', sharedSeeds: false } }
    await fc.assert(
      fc.asyncProperty(rows, async (table) => {
        const method = (name: string, evaluator: MethodRun['evaluator'], column: number): MethodRun => ({
          name,
          evaluator,
          trials: table.map((row, index) => {
            const one = row[column] as Drawn
            const outcome = outcomeOf(one, column > 0)
            const isTruth = column === 0 && outcome.kind === 'scored'
            return {
              index,
              architecture: `architecture ${index}`,
              outcome: isTruth ? { ...outcome, testAccuracy: one.score } : outcome,
            }
          }),
          wallSeconds: 0,
        })
        const runs = [
          method('full-training', { name: 'full-training' }, 0),
          method('fear', toyFear, 1),
          method('patient', { ...toyFear, ratio: null }, 2),
        ]
        const toy = toyRanking()
        const summary = { ...toy.summary, ...summariseRanking(options as unknown as RankingOptions, runs) }
        expectNumbers(renderRanking(summary))
        const run: RecordedRanking = { ...toy, summary: JSON.parse(JSON.stringify(summary)) }
        expectNumbers(await renderReport(run))
      }),
      { numRuns: 12 },
    )
  })
})
