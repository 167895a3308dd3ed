import type { EvaluatorOptions } from '../evaluators/registry.js'
import type { EvaluationTask } from '../execution/executor.js'
import type { SeedPart } from '../platform/rng.js'
import type { Architecture } from '../spaces/search-space.js'
import { dataSeed } from './trial.js'

/**
 * An evaluation outside a search, which is never rejected. It uses the same images in the same order as the trials of a
 * search.
 *
 * @param trialSeed of its initial weights
 */
export function loneTask(
  seed: SeedPart,
  trialSeed: readonly SeedPart[],
  architecture: Architecture,
  evaluator: EvaluatorOptions,
): EvaluationTask {
  return { architecture, trialSeed, dataSeed: dataSeed(seed), evaluator }
}
