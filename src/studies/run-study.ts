import type { Dataset } from '../datasets/dataset.js'
import type { WorkerSetup } from '../execution/executor.js'
import type { ReplayedRun } from '../journal/replay.js'
import type { Budget } from '../search/budget.js'
import { createSearchSpace } from '../spaces/registry.js'
import type { ArmRun, StudyServices } from './arm-run.js'
import { compareArms } from './compare-arms.js'
import { runArm } from './run-arm.js'
import type { StudyOptions, StudyResult } from './study.js'

/** A study's result with the trial tables and the best networks of its arms. */
export interface StudyRun {
  readonly result: StudyResult
  readonly arms: readonly ArmRun[]
}

/** What the workers of a study need to know. */
export function workerSetup(options: StudyOptions, dataset: Dataset): WorkerSetup {
  const { engine, recipe, space, timeoutSeconds } = options
  return { dataset, engine, recipe, space, timeoutSeconds }
}

/**
 * Runs the arms one after the other, each with all workers, over the same sampled architectures and the same data, and
 * compares the first two. The second arm gets exactly the trials that the first one had, whatever ended that one.
 *
 * With `earlier` it goes on where an earlier session of the run ended: what the journal holds is not done again.
 */
export async function runStudy(
  options: StudyOptions,
  services: StudyServices,
  earlier?: ReplayedRun | null,
): Promise<StudyRun> {
  const { seed } = options
  const space = createSearchSpace(options.space.name)
  const arms: ArmRun[] = []
  for (const arm of options.arms) {
    const [first] = arms
    const budget: Budget = first === undefined ? options.budget : { trials: first.trials.length }
    arms.push(await runArm({ seed, space, budget, arm, earlier: earlier?.arms.get(arm.name) }, services))
    if (services.stop?.aborted) break
  }
  const [first, second] = arms
  return {
    arms,
    result: {
      arms: arms.map(({ result }) => result),
      comparison: first && second ? compareArms(first, second) : null,
      stopped: services.stop?.aborted ?? false,
    },
  }
}
