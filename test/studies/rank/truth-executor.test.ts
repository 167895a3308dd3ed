import { describe, expect, it } from 'vitest'
import { tinySetup, tinyTask } from '../../../src/conformance/executor/tiny-setup.js'
import type { Evaluation } from '../../../src/evaluators/evaluator.js'
import { noCost } from '../../../src/evaluators/outcome.js'
import type { EvaluationTask, TestTask } from '../../../src/execution/executor.js'
import { createSimulatedExecutor } from '../../../src/execution/simulated-executor.js'
import { ManualClock } from '../../../src/platform/clock.js'
import { truthExecutor } from '../../../src/studies/rank/truth-executor.js'
import { openTruthStore } from '../../../src/studies/rank/truth-store.js'
import { toyEvaluate, toyNetwork, toyTest } from '../../search/toy-evaluation.js'
import { temporaryFolder } from '../../support/temporary-folder.js'

const setup = await tinySetup()
const task = tinyTask(0, { evaluator: { name: 'full-training' } })
const { accuracy } = toyNetwork(task.architecture)
const noRejection = { cheapest: () => Infinity, offer: () => {} }

function world(sharedSeeds: boolean, test: (task: TestTask) => number = toyTest, evaluation?: Evaluation) {
  const trained: EvaluationTask[] = []
  const store = openTruthStore(temporaryFolder('truth'), setup, {
    version: '1',
    device: 'toy',
  })
  const executor = createSimulatedExecutor({
    workers: 1,
    clock: new ManualClock(),
    evaluate(asked) {
      trained.push(asked)
      return evaluation ?? toyEvaluate(asked, noRejection)
    },
    test,
  })
  return { trained, store, executor: truthExecutor(executor, { sharedSeeds }, store) }
}

describe('truthExecutor', () => {
  it('adds the test accuracy, and trains no network twice', async () => {
    const { executor, trained } = world(true)
    const { outcome } = await executor.evaluate(task)
    expect(outcome).toMatchObject({ kind: 'scored', validationAccuracy: accuracy })
    expect(outcome).toHaveProperty('testAccuracy', Math.fround(accuracy))
    expect(executor.reused).toBe(0)
    expect((await executor.evaluate(task)).outcome).toEqual(outcome)
    expect(executor.reused).toBe(1)
    expect(trained).toEqual([task])
  })

  it('trains with seeds that no evaluator has, unless they are to be shared', async () => {
    const { executor, trained, store } = world(false)
    await executor.evaluate(task)
    expect(trained[0]).toEqual({
      ...task,
      trialSeed: [...task.trialSeed, 'truth'],
      dataSeed: [...task.dataSeed, 'truth'],
    })
    expect(store.find(task)).toBeNull()
  })

  it('makes a failure, with its cost, of a network that cannot be measured', async () => {
    const { executor, store } = world(true, () => {
      throw new Error('the loss is not a finite number')
    })
    const { outcome } = await executor.evaluate(task)
    expect(outcome).toMatchObject({ kind: 'failed', message: 'the loss is not a finite number' })
    expect(outcome.cost.epochs).toBe(40)
    expect(store.find(task)).toBeNull()
  })

  it('passes on what ended without a network, and does not keep it', async () => {
    const diverged = { kind: 'diverged', phase: 'train', epoch: 1, cost: noCost, phases: {} } as const
    const { executor, store } = world(true, toyTest, { outcome: diverged })
    expect((await executor.evaluate(task)).outcome).toEqual(diverged)
    expect(store.find(task)).toBeNull()
  })
})
