import type { Dataset } from '../datasets/dataset.js'
import type { WorkerSetup } from '../execution/executor.js'
import type { ReplayedRun } from '../journal/replay.js'
import type { Budget } from '../search/budget.js'
import type { ArmRun, StudyServices } from './arm-run.js'
import { armSpace } from './arm-space.js'
import { compareAll, trainsAllInFull, yardstickOf } from './compare-arms.js'
import { resampleStudy } from './resampling/resample-study.js'
import { runArm } from './run-arm.js'
import type { StudyOptions, StudyResult } from './study.js'

/** A study's result with the trial tables and the best networks of its arms. */
export interface StudyRun {
  readonly result: StudyResult
  readonly arms: readonly ArmRun[]
}

/** The worker setup of a study. */
export function workerSetup(options: StudyOptions, dataset: Dataset): WorkerSetup {
  const { clock, engine, training: recipe, space, trialTimeoutSeconds: timeoutSeconds } = options
  return { clock, dataset, engine, recipe, space, timeoutSeconds }
}

/**
 * Runs the arms one after the other, each on all workers, over the same architectures and data, and compares them.
 * Every arm gets exactly as many trials as the first one had, however that one ended.
 *
 * With `earlier` it continues where an earlier session ended: results in the journal are not repeated.
 */
export async function runStudy(
  options: StudyOptions,
  services: StudyServices,
  earlier?: ReplayedRun | null,
): Promise<StudyRun> {
  const { seed } = options
  const { macro } = options.space
  // All of them first, so that constraints that nothing meets are reported before any work.
  const searched = options.arms.map((arm) => ({
    arm,
    space: armSpace(options.space, arm.constraints, services.latency),
  }))
  const arms: ArmRun[] = []
  const yardstick = yardstickOf(options.arms)
  const resamples = options.resampling != null && options.arms.length > 1
  for (const { arm, space } of searched) {
    const [first] = arms
    const budget: Budget = first === undefined ? options.budget : { trials: first.trials.length }
    const measuresAll = resamples && arm === yardstick && trainsAllInFull(arm)
    const before = earlier?.arms.get(arm.name)
    arms.push(await runArm({ seed, space, macro, budget, arm, measuresAll, earlier: before }, services))
    if (services.stop?.aborted) break
  }
  const comparisons = compareAll(arms, yardstick)
  return {
    arms,
    result: {
      arms: arms.map(({ result }) => result),
      comparison: comparisons[0] ?? null,
      comparisons,
      resampling: resampleStudy(options, arms, services.executor.workers),
      stopped: services.stop?.aborted ?? false,
    },
  }
}
