import type { Executor } from '../execution/executor.js'
import type { NetworkWeights } from '../networks/weights.js'
import { FearNasError } from '../platform/errors.js'
import type { SeedPart } from '../platform/rng.js'
import type { TrainedNetwork } from '../search/best-network.js'
import { fullTrainingTask } from '../search/finalists.js'
import type { ArmRunOptions, StudyServices } from './arm-run.js'

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
  const weights = best.weights ?? (await trainAgain(executor, seed, best))
  return { ...best, weights, testAccuracy: await executor.test({ architecture, weights }) }
}

/**
 * The weights of a network that an earlier session trained. Training is repeatable, so training it again gives the same
 * weights. Only the first training counts towards cost.
 */
export async function trainAgain(
  executor: Executor,
  seed: SeedPart,
  { trial, origin, architecture }: Pick<TrainedNetwork, 'trial' | 'origin' | 'architecture'>,
): Promise<NetworkWeights> {
  const { outcome, weights } = await executor.evaluate(fullTrainingTask(seed, origin ?? trial, architecture))
  if (weights !== undefined) return weights
  throw new FearNasError(
    `Trial ${trial} (${architecture}) had to be trained again for its weights, and that ended as ` +
      `${outcome.kind}${outcome.kind === 'failed' ? ` (${outcome.message})` : ''}. Resume the run to try again.`,
  )
}
