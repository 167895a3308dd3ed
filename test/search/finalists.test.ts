import { describe, expect, it } from 'vitest'
import { noCost, type Outcome } from '../../src/evaluators/outcome.js'
import type { EvaluationTask, Executor } from '../../src/execution/executor.js'
import { BestNetworkKeeper } from '../../src/search/best-network.js'
import { chooseFinalists, trainFinalists } from '../../src/search/finalists.js'
import { Ledger } from '../../src/search/ledger.js'
import { toyNetwork, toyWorld } from './toy-evaluation.js'

function scored(score: number, validationAccuracy: number | null = null): Outcome {
  return {
    kind: 'scored',
    score,
    metric: 'train-accuracy',
    trainAccuracy: score,
    validationAccuracy,
    cost: noCost,
    phases: {},
  }
}

const rejected: Outcome = {
  kind: 'rejected',
  limit: 1,
  unit: 'work',
  bestTrainAccuracy: 0.9,
  cost: noCost,
  phases: {},
}

describe('choosing finalists', () => {
  const trials = [scored(0.5), rejected, scored(0.7), scored(0.5), scored(0.9)].map((outcome, index) => ({
    index,
    architecture: `a${index}`,
    outcome,
  }))

  it.each([
    { count: 0, expected: [] },
    { count: 1, expected: [4] },
    // With equal scores, the earlier trial.
    { count: 3, expected: [4, 2, 0] },
    // Only scored trials have anything to go by.
    { count: 10, expected: [4, 2, 0, 3] },
  ])('takes the $count best', ({ count, expected }) => {
    expect(chooseFinalists(trials, count).map(({ index }) => index)).toEqual(expected)
  })
})

describe('training finalists', () => {
  const chosen = [3, 1, 8].map((index) => ({ index, architecture: `a${index}`, score: 0.1 * index }))

  it('trains each in full from the seeds of its own trial, and lists them in order of score', async () => {
    const world = toyWorld(2)
    const tasks: EvaluationTask[] = []
    const executor: Executor = {
      ...world.executor,
      evaluate(task) {
        tasks.push(task)
        return world.executor.evaluate(task)
      },
    }
    const ledger = new Ledger()
    const finalists = await trainFinalists(
      { arm: 'fear', seed: 7, chosen },
      { executor, ledger, wallSeconds: () => world.clock.now() },
    )
    expect(finalists.map(({ trial }) => trial)).toEqual([3, 1, 8])
    expect(tasks.map(({ trialSeed, dataSeed, evaluator }) => [...trialSeed, ...dataSeed, evaluator.name])).toEqual(
      [3, 1, 8].map((index) => [7, 'trial', index, 7, 'data', 'full-training']),
    )
    const flops = chosen.map(({ architecture }) => 40 * toyNetwork(architecture).flopsPerEpoch)
    expect(ledger.total('fear', 'finalists').trainingFlops).toBe(flops.reduce((a, b) => a + b))
    expect(ledger.total('fear', 'evaluation')).toEqual(noCost)
  })

  it('does not train again what an earlier session trained, and still charges it', async () => {
    const world = toyWorld(2)
    const earlier = new Map([[1, { ...scored(0.8, 0.8), cost: { ...noCost, computeSeconds: 1000 } }]])
    const ledger = new Ledger()
    const started: number[] = []
    const finalists = await trainFinalists(
      { arm: 'fear', seed: 7, chosen, earlier },
      {
        executor: world.executor,
        ledger,
        wallSeconds: () => world.clock.now(),
        onEvent: (event) => event.kind === 'finalist-started' && started.push(event.trial),
      },
    )
    expect(started.sort()).toEqual([3, 8])
    expect(finalists.find(({ trial }) => trial === 1)?.outcome).toBe(earlier.get(1))
    expect(ledger.total('fear').computeSeconds).toBeGreaterThan(1000)
  })

  it('leaves out the rest when a stop is requested', async () => {
    const world = toyWorld(1)
    const stop = new AbortController()
    const finalists = await trainFinalists(
      { arm: 'fear', seed: 7, chosen },
      {
        executor: world.executor,
        ledger: new Ledger(),
        wallSeconds: () => world.clock.now(),
        stop: stop.signal,
        onEvent: ({ kind }) => kind === 'finalist-finished' && stop.abort(),
      },
    )
    expect(finalists.map(({ trial }) => trial)).toEqual([3])
  })
})

describe('the best network', () => {
  const weights = {
    parameters: new Float32Array(1),
    runningMean: new Float32Array(0),
    runningVariance: new Float32Array(0),
  }

  it.each([
    { order: [0, 1, 2, 3], told: [0, 2] },
    { order: [3, 2, 1, 0], told: [3, 2] },
  ])('is the earliest of the most accurate ones, finished in order $order', ({ order, told }) => {
    const accuracies = [0.5, 0.4, 0.8, 0.8]
    const heard: number[] = []
    const keeper = new BestNetworkKeeper(({ trial }) => heard.push(trial))
    for (const index of order) {
      keeper.offer({ index, architecture: `a${index}` }, { outcome: scored(0.1, accuracies[index] ?? 0), weights })
    }
    expect(keeper.best).toEqual({ trial: 2, architecture: 'a2', validationAccuracy: 0.8, weights })
    expect(heard).toEqual(told)
  })

  it('is nothing without a validation accuracy', () => {
    const keeper = new BestNetworkKeeper()
    keeper.offer({ index: 0, architecture: 'a0' }, { outcome: scored(0.9) })
    keeper.offer({ index: 1, architecture: 'a1' }, { outcome: rejected })
    expect(keeper.best).toBeNull()
  })
})
