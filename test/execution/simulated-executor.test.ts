import { describe, expect, it } from 'vitest'
import { describeExecutor } from '../../src/conformance/executor/describe-executor.js'
import { tinyTask } from '../../src/conformance/executor/tiny-setup.js'
import { noCost, type Outcome } from '../../src/evaluators/outcome.js'
import { createSimulatedExecutor } from '../../src/execution/simulated-executor.js'
import { createWorkerRuntime } from '../../src/execution/worker-runtime.js'
import { ManualClock } from '../../src/platform/clock.js'

const noBudget = 'simulated trials take no notice of budgets'
const atItsStart = 'what becomes of a simulated trial is known when it starts'

describeExecutor(
  'in simulated time',
  async (setup, workers) => {
    const runtime = await createWorkerRuntime(setup)
    return createSimulatedExecutor({
      workers,
      clock: new ManualClock(),
      evaluate: (task, { cheapest, offer }) =>
        runtime.evaluate(task, {
          publish: (_, computeSeconds) => offer({ ...noCost, computeSeconds }),
          read: () => cheapest(),
          isAborted: () => false,
        }),
      test: (task) => runtime.test(task),
    })
  },
  {
    skip: [
      { law: 'rejects a task whose configuration is at fault, and goes on', reason: 'every error is an outcome' },
      { law: 'ends a trial at the step that exceeds a limit, and charges what there was', reason: noBudget },
      { law: 'ends all trials that share a limit when together they exceed it', reason: noBudget },
      { law: 'ends a trial when its wall-clock seconds are over', reason: noBudget },
      { law: 'lets a trial finish that fits in exactly', reason: noBudget },
      { law: 'ends a trial that was aborted before it began, at its first step', reason: noBudget },
      { law: 'ends a running trial that the driver aborts', reason: noBudget },
      { law: 'tells running trials of a reference that another one has lowered', reason: atItsStart },
      { law: 'runs as many tasks at a time as it has workers, and no more', reason: atItsStart },
    ],
  },
)

function below(computeSeconds: number): Outcome {
  const cost = { ...noCost, computeSeconds }
  return { kind: 'below-threshold', bestTrainAccuracy: 0, cost, phases: { stage1: cost } }
}

function simulate(workers: number) {
  const clock = new ManualClock()
  const executor = createSimulatedExecutor({
    workers,
    clock,
    evaluate({ architecture }, rejection) {
      if (architecture === 'broken') throw new RangeError('no such cell')
      return { outcome: below(Math.min(Number(architecture), rejection.cheapest())) }
    },
    test: ({ weights }) => weights.parameters[0] ?? 0,
  })
  const finished: string[] = []
  const evaluate = async (architecture: string): Promise<void> => {
    const { outcome } = await executor.evaluate(tinyTask(0, { architecture }))
    finished.push(`${architecture} ${outcome.kind} at ${clock.now()}`)
  }
  return { clock, executor, evaluate, finished }
}

describe('the simulated executor', () => {
  it('takes simulated time, on as many workers as it has', async () => {
    const { clock, evaluate, finished } = simulate(2)
    await Promise.all(['5', '1', '2', '2', '3'].map(evaluate))
    // Worker 2 runs 1, 2 and 2, until 5; worker 1 is free at 5 too, and was first.
    expect(finished).toEqual([
      '1 below-threshold at 1',
      '2 below-threshold at 3',
      '5 below-threshold at 5',
      '2 below-threshold at 5',
      '3 below-threshold at 8',
    ])
    expect(clock.now()).toBe(8)
  })

  it('hands the rejection reference to the formula', async () => {
    const { clock, executor } = simulate(1)
    await executor.evaluate(tinyTask(0, { architecture: '9', rejection: { kind: 'fixed', cheapest: 4 } }))
    expect(clock.now()).toBe(4)
  })

  it('makes an error a failed outcome, at no time', async () => {
    const { evaluate, finished } = simulate(1)
    await Promise.all(['1', 'broken', '2'].map(evaluate))
    expect(finished).toEqual(['1 below-threshold at 1', 'broken failed at 1', '2 below-threshold at 3'])
  })

  it('finishes everything that was submitted before it closes', async () => {
    const { clock, executor, evaluate, finished } = simulate(1)
    const submitted = ['1', '2', '3'].map(evaluate)
    await executor.close()
    await Promise.all(submitted)
    expect(finished).toHaveLength(3)
    expect(clock.now()).toBe(6)
    await expect(evaluate('4')).rejects.toThrow('closed')
  })

  it('tests in no time', async () => {
    const { clock, executor } = simulate(1)
    const none = new Float32Array(0)
    const weights = { parameters: Float32Array.of(0.5), runningMean: none, runningVariance: none }
    expect(await executor.test({ architecture: '1', weights })).toBe(0.5)
    expect(clock.now()).toBe(0)
  })
})
