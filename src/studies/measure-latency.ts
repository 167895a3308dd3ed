import type { Latency } from '../benchmarks/latency.js'
import type { ArmFinishedEntry } from '../journal/journal-event.js'
import type { ReplayedArm } from '../journal/replay.js'
import type { TrainedNetwork } from '../search/best-network.js'
import type { StudyServices } from './arm-run.js'

/**
 * Measures how fast the final network of an arm is, once no worker is busy, and records it. A measurement in the journal
 * is not repeated, and an arm that is finished stays as it is: older versions did not measure.
 *
 * @returns null if it cannot be measured, or was not.
 */
export async function measureLatency(
  arm: string,
  { trial, architecture }: TrainedNetwork,
  {
    earlier,
    finished,
    journal,
    latency: meter,
  }: StudyServices & {
    readonly earlier: ReplayedArm | undefined
    readonly finished: ArmFinishedEntry | null
  },
): Promise<readonly Latency[] | null> {
  const known = earlier?.latencies.get(trial)
  if (known !== undefined) return known
  if (meter === undefined || finished !== null) return null
  const latency = meter.report(architecture)
  await journal?.append({ event: 'latency.reported', arm, trial, architecture, latency })
  return latency
}
