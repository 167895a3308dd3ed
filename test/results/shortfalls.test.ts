import { describe, expect, it } from 'vitest'
import type { Evaluation } from '../../src/evaluators/evaluator.js'
import { noCost, type Outcome } from '../../src/evaluators/outcome.js'
import type { EvaluationTask } from '../../src/execution/executor.js'
import { createSimulatedExecutor } from '../../src/execution/simulated-executor.js'
import { ManualClock } from '../../src/platform/clock.js'
import { readRecordedRun } from '../../src/results/recorded-run.js'
import { shortfalls } from '../../src/results/shortfalls.js'
import { oneArm, recordToyStudy } from '../reports/toy-report.js'
import { toyEvaluate, toyTest } from '../search/toy-evaluation.js'

const base = { cost: noCost, phases: {} }
const failed = (message: string): Outcome => ({ kind: 'failed', message, ...base })

/** What is said of a search whose evaluations end like this, one after the other. */
async function told(
  name: string,
  outcome: (task: EvaluationTask, index: number) => Outcome | null,
  trials = 5,
): Promise<readonly string[]> {
  const clock = new ManualClock()
  let index = 0
  const evaluate = (task: EvaluationTask, rejection: Parameters<typeof toyEvaluate>[1]): Evaluation => {
    const ended = outcome(task, index++)
    return ended === null ? toyEvaluate(task, rejection) : { outcome: ended }
  }
  const executor = createSimulatedExecutor({ workers: 1, clock, evaluate, test: toyTest })
  const world = { clock, executor }
  const { directory } = await recordToyStudy(name, { arms: oneArm, budget: { trials } }, () => {}, world)
  return shortfalls(await readRecordedRun(directory))
}

describe('what is said of a search without a network', () => {
  it('are the counts by kind, the most frequent message in a line, and what to do', async () => {
    const messages = ['cannot open a.so\nits stack', 'out of memory', 'cannot open a.so']
    const text = await told('short-failed', (_, i) =>
      i < 3 ? failed(messages[i] as string) : { kind: 'timed-out', limitSeconds: 1, ...base },
    )
    expect(text).toEqual([
      'fear found no network: none of its 5 trials got a score (2 timed-out, 3 failed). The most frequent message: ' +
        'cannot open a.so (2 times). Remove what the message names and start a new run: a resumed run keeps these ' +
        'trials as they are.',
    ])
  })

  it.each([
    ['below-threshold', { bestTrainAccuracy: 0.1 }, 'Lower evaluator.threshold'],
    ['diverged', { phase: 'stage1', epoch: 0 }, 'Lower the learning rates'],
    ['timed-out', { limitSeconds: 1 }, 'Raise trialTimeout'],
    ['aborted', { phase: 'stage1' }, 'Raise the budget'],
  ] as const)('of trials that ended as %s', async (kind, rest, advice) => {
    const [text] = await told(`short-${kind}`, () => ({ kind, ...rest, ...base }) as Outcome, 1)
    expect(text).toContain(`none of its 1 trial got a score (1 ${kind}). ${advice}`)
  })

  it('is of its finalists where trials were scored', async () => {
    const [text] = await told('short-finalists', ({ evaluator }) =>
      evaluator.name === 'full-training' ? { kind: 'diverged', phase: 'train', epoch: 2, ...base } : null,
    )
    expect(text).toMatch(
      /^fear found no network: \d trials got a score, but no finalist was trained in full \(3 diverged\)\. Lower the learning/,
    )
  })

  it('is that the budget was too small where no trial was begun', async () => {
    expect(await told('short-none', () => null, 0)).toEqual([
      'fear found no network: its budget was used up before a trial had ended. Raise the budget.',
    ])
  })

  it('is nothing of one that has a network', async () => {
    expect(await told('short-not', () => null)).toEqual([])
  })
})
