import type { InTrainingOptions } from '../../evaluators/measures-in-training/settings.js'
import type { ReplayedRun } from '../../journal/replay.js'
import type { StudyServices } from '../arm-run.js'
import type { RankedArchitecture, RankingOptions } from '../rank/ranking.js'
import { drawArchitectures, runMethod } from '../rank/run-ranking.js'
import type { InTrainingResult } from './in-training.js'
import { summariseInTraining } from './summarise-in-training.js'

/**
 * Trains the architectures of a ranking again, epoch by epoch, and compares the measures taken on the way with the
 * truths in `ranked`. An arm of the ranking's journal; with `earlier` it continues where an earlier session ended.
 */
export async function runInTraining(
  evaluator: InTrainingOptions,
  options: RankingOptions,
  ranked: readonly RankedArchitecture[],
  services: StudyServices,
  earlier?: ReplayedRun | null,
): Promise<InTrainingResult> {
  const method = { name: evaluator.name, evaluator }
  const { executor } = services
  const run = await runMethod(method, drawArchitectures(options, services), { options, services, executor, earlier })
  return summariseInTraining(evaluator, run, ranked, options)
}
