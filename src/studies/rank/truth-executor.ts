import type { Evaluation } from '../../evaluators/evaluator.js'
import { failedEvaluation } from '../../evaluators/failed-evaluation.js'
import type { EvaluationTask, Executor } from '../../execution/executor.js'
import type { TruthOptions } from './ranking.js'
import type { TruthStore } from './truth-store.js'

/** An executor of full trainings that also measures their networks on the test images. */
export interface TruthExecutor extends Executor {
  /** Number of evaluations from the store so far. */
  readonly reused: number
}

/**
 * Full training as ground truth: the network of every task is measured on the test images, which does not count towards
 * cost, and kept in the store. A network in the store is not trained again; its cost is the one measured then.
 */
export function truthExecutor(
  executor: Executor,
  seeds: Pick<TruthOptions, 'sharedSeeds'>,
  store: TruthStore,
): TruthExecutor {
  let reused = 0
  return {
    get reused() {
      return reused
    },
    workers: executor.workers,
    async evaluate(asked): Promise<Evaluation> {
      const task = truthTask(asked, seeds)
      const known = store.find(task)
      if (known !== null) {
        reused++
        return { outcome: known }
      }
      const { outcome, weights } = await executor.evaluate(task)
      if (outcome.kind !== 'scored' || weights === undefined) return { outcome }
      const { architecture } = task
      try {
        const measured = { ...outcome, testAccuracy: await executor.test({ architecture, weights }) }
        store.keep(task, measured)
        return { outcome: measured }
      } catch (error) {
        // A network that cannot be measured must not end the ranking.
        const { cost, phases } = outcome
        return failedEvaluation(error, { cost, phases })
      }
    },
    test: (task) => executor.test(task),
    openChannel: (numbers, tasks) => executor.openChannel(numbers, tasks),
    close: () => executor.close(),
  }
}

/** A full training with the seeds of a truth: those of the evaluators, or initial weights and image order that none of them has. */
export function truthTask(task: EvaluationTask, { sharedSeeds }: Pick<TruthOptions, 'sharedSeeds'>): EvaluationTask {
  if (sharedSeeds) return task
  return { ...task, trialSeed: [...task.trialSeed, 'truth'], dataSeed: [...task.dataSeed, 'truth'] }
}
