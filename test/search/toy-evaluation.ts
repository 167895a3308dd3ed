import type { Evaluation, RejectionReference } from '../../src/evaluators/evaluator.js'
import type { FearOptions } from '../../src/evaluators/fear/options.js'
import { defaultFearOptions } from '../../src/evaluators/fear/settings.js'
import { addCosts, type Cost, costIn, noCost } from '../../src/evaluators/outcome.js'
import type { EvaluationTask, Executor, TestTask } from '../../src/execution/executor.js'
import { createSimulatedExecutor } from '../../src/execution/simulated-executor.js'
import { ManualClock } from '../../src/platform/clock.js'

/** FEAR settings for searches whose evaluations are a formula. */
export const toyFear: FearOptions = { ...defaultFearOptions, maxEpochs: 10, ratio: 2 }

/** What there is to know of a toy network; a function of its architecture. */
export interface ToyNetwork {
  readonly epochsToThreshold: number
  readonly flopsPerEpoch: number
  readonly accuracy: number
}

/** 32-bit FNV-1a. */
export function hash(text: string): number {
  let value = 0x811c9dc5
  for (let i = 0; i < text.length; i++) value = Math.imul(value ^ text.charCodeAt(i), 0x01000193) >>> 0
  return value
}

export function toyNetwork(architecture: string): ToyNetwork {
  const h = hash(architecture)
  return {
    epochsToThreshold: 1 + (h % 12),
    flopsPerEpoch: 100 + ((h >>> 8) % 400),
    accuracy: 0.1 + ((h >>> 4) % 1000) / 1250,
  }
}

/** FEAR and full training as formulas: epochs cost their FLOPs, and `secondsPerFlop` says how long a worker takes. */
export function toyEvaluate(
  task: EvaluationTask,
  rejection: RejectionReference,
  secondsPerFlop: (architecture: string) => number = () => 0.01,
): Evaluation {
  const network = toyNetwork(task.architecture)
  const epochCost: Cost = {
    computeSeconds: network.flopsPerEpoch * secondsPerFlop(task.architecture),
    trainingFlops: network.flopsPerEpoch,
    steps: 10,
    epochs: 1,
  }
  return task.evaluator.name === 'fear'
    ? toyFearEvaluation(network, epochCost, task.evaluator, rejection)
    : toyFullTraining(network, epochCost)
}

function toyFearEvaluation(
  network: ToyNetwork,
  epochCost: Cost,
  options: FearOptions,
  rejection: RejectionReference,
): Evaluation {
  let stage1 = noCost
  for (let epoch = 1; epoch <= options.maxEpochs; epoch++) {
    stage1 = addCosts(stage1, epochCost)
    const limit = (options.ratio ?? Infinity) * rejection.cheapest()
    if (costIn(options.cost === 'seconds' ? 'seconds' : 'work', stage1) >= limit) {
      return {
        outcome: {
          kind: 'rejected',
          cost: stage1,
          phases: { stage1 },
          limit,
          unit: options.cost,
          bestTrainAccuracy: 0.3,
        },
      }
    }
    if (epoch < network.epochsToThreshold) continue
    rejection.offer(stage1)
    return {
      outcome: {
        kind: 'scored',
        score: network.accuracy,
        metric: 'train-accuracy',
        trainAccuracy: network.accuracy,
        validationAccuracy: null,
        cost: addCosts(stage1, epochCost),
        phases: { stage1, stage2: epochCost },
      },
    }
  }
  return { outcome: { kind: 'below-threshold', cost: stage1, phases: { stage1 }, bestTrainAccuracy: 0.4 } }
}

function toyFullTraining(network: ToyNetwork, epochCost: Cost): Evaluation {
  const cost: Cost = {
    computeSeconds: 40 * epochCost.computeSeconds,
    trainingFlops: 40 * epochCost.trainingFlops,
    steps: 400,
    epochs: 40,
  }
  return {
    outcome: {
      kind: 'scored',
      score: network.accuracy,
      metric: 'validation-accuracy',
      trainAccuracy: network.accuracy,
      validationAccuracy: network.accuracy,
      cost,
      phases: { train: cost },
    },
    weights: {
      parameters: Float32Array.of(network.accuracy),
      runningMean: new Float32Array(0),
      runningVariance: new Float32Array(0),
    },
  }
}

/** A toy network does on the test images what it did in validation. */
export function toyTest(task: TestTask): number {
  return task.weights.parameters[0] ?? Number.NaN
}

export interface ToyWorld {
  readonly clock: ManualClock
  readonly executor: Executor
}

export function toyWorld(workers: number, secondsPerFlop?: (architecture: string) => number): ToyWorld {
  const clock = new ManualClock()
  const executor = createSimulatedExecutor({
    workers,
    clock,
    evaluate: (task, rejection) => toyEvaluate(task, rejection, secondsPerFlop),
    test: toyTest,
  })
  return { clock, executor }
}
