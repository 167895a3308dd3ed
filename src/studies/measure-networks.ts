import type { NetworkWeights } from '../networks/weights.js'
import { onAllWorkers } from '../search/on-all-workers.js'
import type { FinishedTrial } from '../search/trial.js'
import type { ArmRunOptions, StudyServices } from './arm-run.js'
import { trainAgain } from './measure-winner.js'
import type { NetworkStore } from './network-store.js'

/**
 * Measures every network of a full-training arm on the test images, so that searches over parts of its trial table have
 * a test accuracy to report. No arm is charged for it, and none sees it. What earlier sessions measured is taken from
 * the journal; a requested stop leaves the rest out.
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
  // A process that was killed between its record of a measurement and this leaves the network behind.
  for (const trial of accuracies.keys()) networks.remove(arm.name, trial)
  // A finished arm is left as it is: a run of an older version, which measured its winner alone, stays one.
  const waiting = earlier?.finished ? [] : trials.filter((trial) => isTrained(trial) && !accuracies.has(trial.index))
  if (waiting.length > 0) onEvent?.({ kind: 'tests-started', arm: arm.name, networks: waiting.length })
  await onAllWorkers(executor, waiting, stop, async ({ index: trial, architecture }) => {
    const place = { arm: arm.name, trial, architecture }
    onEvent?.({ kind: 'test-started', ...place })
    const weights: NetworkWeights =
      networks.get(arm.name, trial) ?? (await trainAgain(executor, seed, { trial, architecture }))
    const testAccuracy = await executor.test({ architecture, weights })
    accuracies.set(trial, testAccuracy)
    await journal?.append({ event: 'test.finished', ...place, testAccuracy })
    networks.remove(arm.name, trial)
  })
  return accuracies
}

function isTrained({ outcome }: FinishedTrial): boolean {
  return outcome.kind === 'scored'
}
