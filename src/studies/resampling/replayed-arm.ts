import { accuracyAt, type TimeAxis, timeAxes } from './anytime.js'
import type { MeasuredArm } from './measured-arm.js'
import type { ReplayedSearch, Stop } from './replay-search.js'

/** The replayed searches of an arm: the end of each, and its test accuracies at the times of the curves. */
export interface ArmReplays {
  readonly arm: MeasuredArm
  readonly ends: Stop[]
  readonly curves: Readonly<Record<TimeAxis, (readonly (number | null)[])[]>>
  /** Numbers of rejected and of extrapolated evaluations in all searches. */
  rejected: number
  extrapolated: number
}

export function newArmReplays(arm: MeasuredArm): ArmReplays {
  return { arm, ends: [], curves: { computeSeconds: [], wallSeconds: [] }, rejected: 0, extrapolated: 0 }
}

/** Keeps the data of a search for the statistics. */
export function recordSearch(
  record: ArmReplays,
  search: ReplayedSearch,
  times: Readonly<Record<TimeAxis, readonly number[]>>,
): void {
  const end = search.stops.at(-1)
  if (end === undefined) throw new RangeError('a search needs at least one architecture')
  record.ends.push(end)
  record.rejected += search.rejected
  record.extrapolated += search.extrapolated
  for (const axis of timeAxes) record.curves[axis].push(accuracyAt(search.stops, axis, times[axis]))
}
