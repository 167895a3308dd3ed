import { expect } from 'vitest'
import type { FearOptions } from '../../evaluators/fear/options.js'
import type { Outcome } from '../../evaluators/outcome.js'
import type { Channel } from '../../execution/channel/channel.js'
import type { EvaluationTask, Executor } from '../../execution/executor.js'
import { systemClock } from '../../platform/clock.js'
import { endlessFear, endlessTask, tinyFear, tinyTask } from './tiny-setup.js'

async function outcomeIn(executor: Executor, channel: Channel, task: EvaluationTask): Promise<Outcome> {
  const { outcome } = await executor.evaluate({ ...task, channel: channel.join().ref })
  return outcome
}

/**
 * All workers run tasks at the same time: all but one have trials that only end when the last one has published how fast it
 * is.
 */
export async function expectAllAtOnce(executor: Executor): Promise<void> {
  const channel = executor.openChannel({ cheapest: 'min' }, executor.workers)
  const rejection = { kind: 'shared', number: 'cheapest' } as const
  const slow: FearOptions = { ...endlessFear, cost: 'seconds', ratio: 4 }
  const fast: FearOptions = { ...tinyFear, cost: 'seconds' }
  const tasks = [
    ...Array.from({ length: executor.workers - 1 }, () => tinyTask(3, { evaluator: slow, rejection })),
    tinyTask(0, { evaluator: fast, rejection }),
  ]
  const outcomes = await Promise.all(tasks.map((task) => outcomeIn(executor, channel, task)))
  channel.close()
  expect(outcomes.pop()?.kind).toBe('scored')
  for (const outcome of outcomes) expect(outcome).toMatchObject({ kind: 'rejected', unit: 'seconds' })
}

/** One task more than there are workers waits for another to end: each takes a tenth of a second. */
export async function expectNoMoreAtOnce(executor: Executor): Promise<void> {
  const wallSeconds = 0.1
  const tasks = executor.workers + 1
  const channel = executor.openChannel({}, tasks)
  const task: EvaluationTask = { ...endlessTask, budget: { limits: {}, wallSeconds } }
  const startedSeconds = systemClock.now()
  const outcomes = await Promise.all(Array.from({ length: tasks }, () => outcomeIn(executor, channel, task)))
  const seconds = systemClock.now() - startedSeconds
  channel.close()
  expect(outcomes.map(({ kind }) => kind)).toEqual(outcomes.map(() => 'aborted'))
  expect(seconds).toBeGreaterThan(2 * wallSeconds)
}
