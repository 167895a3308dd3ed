import { chooseEngine } from '../engines/choose-engine.js'
import type { Engine, EngineInfo } from '../engines/engine.js'
import { evaluateSafely } from '../evaluators/evaluate-safely.js'
import type { Evaluation, EvaluationContext, Evaluator } from '../evaluators/evaluator.js'
import { createEvaluator, type EvaluatorOptions, isValue, labelOf } from '../evaluators/registry.js'
import type { NetworkSpec } from '../networks/network-spec.js'
import { initialWeights } from '../networks/weights.js'
import { type Clock, systemClock } from '../platform/clock.js'
import { ConfigError, EngineError, FearNasError } from '../platform/errors.js'
import { createRng } from '../platform/rng.js'
import { threadCpuClock } from '../platform/thread-clock.js'
import { createSearchSpace } from '../spaces/registry.js'
import { ImageBatches } from '../training/batches.js'
import { CostMeter } from '../training/cost-meter.js'
import { measureAccuracy } from '../training/measure-accuracy.js'
import type { TaskChannel } from './channel/channel.js'
import type { EvaluationTask, TestTask, WorkerSetup } from './executor.js'
import { overBudget, rejectionReference } from './task-limits.js'

/** The engine that the workers of an executor use. */
export type EngineDescription = { readonly name: string } & EngineInfo

/** Runs tasks one after the other in the thread that created it. */
export interface WorkerRuntime {
  readonly engine: EngineDescription
  /**
   * Errors of a trial become its outcome.
   *
   * @param channel the task's, where it has one
   * @throws ConfigError or DataError if the input is wrong.
   */
  evaluate(task: EvaluationTask, channel?: TaskChannel | null): Evaluation
  /** Test accuracy in 0..1. */
  test(task: TestTask): number
}

/**
 * Loads the engine and creates everything that tasks share.
 *
 * @throws EngineError if the engine does not load here; ConfigError if there is no such search space or clock, or if
 * the space's networks do not support these images or are too large for the engine.
 */
export async function createWorkerRuntime(setup: WorkerSetup, wallClock: Clock = systemClock): Promise<WorkerRuntime> {
  const { dataset, recipe, timeoutSeconds } = setup
  const { engine } = await chooseEngine(setup.engine, { builds: false })
  const clock = setup.clock === 'cpu' ? cpuClock(engine) : wallClock
  const space = createSearchSpace(setup.space)
  const network: EvaluationContext['network'] = (architecture) => space.network(architecture, setup.space.macro)
  checkNetworks(engine, network(space.sample(createRng('any architecture'))))
  const evaluatorFor = rememberEvaluators()
  return {
    engine: { name: engine.name, ...engine.info },
    evaluate(task, channel = null) {
      const evaluator: Evaluator = {
        name: labelOf(task.evaluator),
        // It is created here, so that its errors become the trial's outcome.
        evaluate: (...given) => evaluatorFor(task.evaluator).evaluate(...given),
        get traits() {
          return evaluatorFor(task.evaluator).traits ?? {}
        },
      }
      return evaluateSafely(evaluator, task, {
        engine,
        dataset,
        recipe,
        clock,
        timeoutSeconds,
        network,
        rejection: rejectionReference(task.rejection, channel),
        isOverBudget: overBudget(task.budget, channel, wallClock),
      })
    },
    test({ architecture, weights }) {
      const trained = engine.create(network(architecture), weights)
      try {
        const batches = new ImageBatches(dataset, dataset.test, recipe.batch)
        const measured = measureAccuracy(trained, batches, new CostMeter(clock, 'test'), Infinity)
        if (measured.kind === 'measured') return measured.accuracy
        throw new FearNasError(`The loss of ${architecture} on the test images is not a finite number.`)
      } finally {
        trained.dispose()
      }
    },
  }
}

/**
 * Builds a network, as every trial does.
 *
 * @throws ConfigError if the engine cannot; it could not build any other of the space.
 */
function checkNetworks(engine: Engine, spec: NetworkSpec): void {
  try {
    engine.create(spec, initialWeights(spec, createRng('any weights'))).dispose()
  } catch (cause) {
    if (!(cause instanceof EngineError || cause instanceof RangeError)) throw cause
    throw new ConfigError(
      `The engine ${engine.name} cannot build networks of this space and these images: ${cause.message}. ` +
        'Make space.channels, space.cells or data.size smaller.',
      { cause },
    )
  }
}

/** @throws ConfigError if processor time cannot be measured, or the work is not done by the worker's own thread. */
function cpuClock({ name, info }: Engine): Clock {
  if (info.gpu || info.isolation === 'process') {
    throw new ConfigError(`clock: cpu cannot measure the engine ${name}. Remove it.`)
  }
  const clock = threadCpuClock()
  if (clock === null) {
    throw new ConfigError('clock: cpu needs Linux, or Node 22.19 or newer, to measure the CPU time of a thread.')
  }
  return clock
}

/** One evaluator for each set of options: it may have buffers that it reuses. */
function rememberEvaluators(): (options: EvaluatorOptions) => Evaluator {
  const evaluators = new Map<string, Evaluator>()
  return (options) => {
    // Two values may have the same name.
    if (isValue(options)) return createEvaluator(options)
    const key = JSON.stringify(options)
    const evaluator = evaluators.get(key) ?? createEvaluator(options)
    evaluators.set(key, evaluator)
    return evaluator
  }
}
