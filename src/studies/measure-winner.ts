import { fullTrainingOptions } from '../evaluators/full-training/settings.js'
import { settledOptions, traitsOf } from '../evaluators/registry.js'
import type { Executor } from '../execution/executor.js'
import type { NetworkWeights } from '../networks/weights.js'
import { FearNasError } from '../platform/errors.js'
import type { SeedPart } from '../platform/rng.js'
import type { TrainedNetwork } from '../search/best-network.js'
import { loneTask } from '../search/lone-task.js'
import { trialSeed } from '../search/trial.js'
import type { ArmRunOptions, StudyServices } from './arm-run.js'
import type { ArmOptions } from './study.js'

/** The final network of an arm, measured on the test images. */
export interface MeasuredWinner extends TrainedNetwork {
  /** In 0..1. */
  readonly testAccuracy: number
}

/** Measures the best network on the test images, unless this session or an earlier one did. */
export async function measureWinner(
  { arm, earlier, seed }: ArmRunOptions,
  { executor, onEvent }: StudyServices,
  best: TrainedNetwork,
  testAccuracies: ReadonlyMap<number, number>,
): Promise<MeasuredWinner> {
  const { trial, architecture } = best
  const handedOver = earlier?.finished?.best
  const known = handedOver?.trial === trial ? handedOver.testAccuracy : testAccuracies.get(trial)
  if (known !== undefined) return { ...best, testAccuracy: known }
  onEvent?.({ kind: 'test-started', arm: arm.name, trial, architecture })
  const weights = best.weights ?? (await trainAgain(executor, seed, arm, best))
  return { ...best, weights, testAccuracy: await executor.test({ architecture, weights }) }
}

/**
 * The weights of a network that an earlier session trained. Training is repeatable, so training it again, by the evaluator
 * of the arm if that trains in full, gives the same weights. Only the first training counts towards cost.
 */
export async function trainAgain(
  executor: Executor,
  seed: SeedPart,
  { evaluator }: ArmOptions,
  { trial, origin, architecture }: Pick<TrainedNetwork, 'trial' | 'origin' | 'architecture'>,
): Promise<NetworkWeights> {
  const settled = traitsOf(evaluator).trainsInFull ? settledOptions(evaluator) : null
  const task = loneTask(seed, trialSeed(seed, origin ?? trial), architecture, settled ?? fullTrainingOptions)
  const { outcome, weights } = await executor.evaluate(task)
  if (weights !== undefined) return weights
  throw new FearNasError(
    `Trial ${trial} (${architecture}) had to be trained again for its weights, which ended as ` +
      `${outcome.kind}${outcome.kind === 'failed' ? ` (${outcome.message})` : ''}. Resume the run to try again.`,
  )
}
