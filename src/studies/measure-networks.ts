import type { NetworkWeights } from '../networks/weights.js'
import { onAllWorkers } from '../search/on-all-workers.js'
import type { FinishedTrial } from '../search/trial.js'
import type { ArmRunOptions, StudyServices } from './arm-run.js'
import { trainAgain } from './measure-winner.js'
import type { NetworkStore } from './network-store.js'

/**
 * Measures every network of a full-training arm on the test images, so that replayed searches have test accuracies. It
 * is not charged to any arm, and arms do not see the results. Measurements of earlier sessions come from the journal; a
 * stop request leaves out the rest.
 *
 * @returns accuracies in 0..1 by index of the trial.
 */
export async function measureNetworks(
  options: ArmRunOptions,
  services: StudyServices & { readonly networks: NetworkStore },
  trials: readonly FinishedTrial[],
): Promise<ReadonlyMap<number, number>> {
  const { arm, seed, earlier } = options
  const { executor, journal, networks, onEvent, stop } = services
  const accuracies = new Map(earlier?.tests)
  // A process that was killed after recording a measurement may have left the network file.
  for (const trial of accuracies.keys()) networks.remove(arm.name, trial)
  // A finished arm is not changed: older versions measured only the final network.
  const waiting = earlier?.finished ? [] : trials.filter((trial) => isTrained(trial) && !accuracies.has(trial.index))
  if (waiting.length > 0) onEvent?.({ kind: 'tests-started', arm: arm.name, networks: waiting.length })
  await onAllWorkers(executor, waiting, stop, async ({ index: trial, architecture }) => {
    const key = { arm: arm.name, trial, architecture }
    onEvent?.({ kind: 'test-started', ...key })
    const weights: NetworkWeights =
      networks.get(arm.name, trial) ?? (await trainAgain(executor, seed, arm, { trial, architecture }))
    const testAccuracy = await executor.test({ architecture, weights })
    accuracies.set(trial, testAccuracy)
    await journal?.append({ event: 'test.finished', ...key, testAccuracy })
    networks.remove(arm.name, trial)
  })
  return accuracies
}

function isTrained({ outcome }: FinishedTrial): boolean {
  return outcome.kind === 'scored'
}
