import { byName } from '../../platform/by-name.js'
import { createRng, type SeedPart } from '../../platform/rng.js'
import { type Interval, percentileInterval } from '../../statistics/interval.js'
import { anytimeCurve, logarithmicTimes, type TimeAxis } from './anytime.js'
import { compareEnds, ofEachUnit, type SpentUnit } from './compare-ends.js'
import { drawIndices } from './draw.js'
import { equalAccuracy } from './equal-accuracy.js'
import type { FullTraining, MeasuredArm } from './measured-arm.js'
import { replaySearch } from './replay-search.js'
import { type ArmReplays, newArmReplays, recordSearch } from './replayed-arm.js'
import type { Anytime, ResampledArm, Resampling, ResamplingOptions } from './resampling.js'

const timesOfCurve = 40

/**
 * Replays many searches from the measured trial tables of arms over the same architectures. They are paired: the b-th
 * search of every arm samples the same architectures in the same order, which reduces the variance of differences.
 *
 * @param arms including one that trains in full; `full` has its full training of each trial.
 * @throws RangeError if no arm trains in full, if there is nothing to draw or no search to replay, or if a table is not as
 *   long as `full`.
 */
export function resample(
  arms: readonly MeasuredArm[],
  full: readonly FullTraining[],
  options: ResamplingOptions,
  { seed, workers }: { readonly seed: SeedPart; readonly workers: number },
): Resampling {
  const { searches, replacement } = options
  const architectures = options.architectures ?? full.length
  checkTables(arms, full)
  const times = commonTimes(arms, full, workers)
  const replayed = arms.map(newArmReplays)
  for (let search = 0; search < searches; search++) {
    const rng = createRng(seed, 'resampling', search)
    const draw = drawIndices(full.length, architectures, replacement, rng)
    for (const record of replayed) recordSearch(record, replaySearch(record.arm, full, draw, workers), times)
  }
  const base = replayed.find(({ arm }) => arm.trainsInFull) as ArmReplays
  const named = <T>(records: readonly ArmReplays[], describe: (record: ArmReplays) => T): Record<string, T> =>
    byName(records.map((record) => [record.arm.name, describe(record)]))
  return {
    searches,
    architectures,
    measured: full.length,
    replacement,
    workers,
    against: base.arm.name,
    arms: named(replayed, describeArm),
    comparisons: named(
      replayed.filter((record) => record !== base),
      (record) => ({
        ...compareEnds(record.ends, base.ends, full.length),
        equalAccuracy: equalAccuracy(record, replayed),
      }),
    ),
    anytime: {
      times,
      arms: named(replayed, ({ curves }) => ({
        computeSeconds: anytimeCurve(curves.computeSeconds, full.length),
        wallSeconds: anytimeCurve(curves.wallSeconds, full.length),
      })),
    },
  }
}

function checkTables(arms: readonly MeasuredArm[], full: readonly FullTraining[]): void {
  if (full.length === 0) throw new RangeError('there is no trial to draw')
  if (arms.every(({ trainsInFull }) => !trainsInFull)) throw new RangeError('no arm trains in full')
  const odd = arms.find(({ trials }) => trials.length !== full.length)
  if (odd !== undefined) throw new RangeError(`${odd.name} has ${odd.trials.length} trials, not ${full.length}`)
}

/**
 * From the earliest end of a search of one architecture to the latest end of a whole search, in measured order. Ends at
 * 0 are left out because of the logarithmic axis. Empty if nothing was spent.
 */
function commonTimes(arms: readonly MeasuredArm[], full: readonly FullTraining[], workers: number): Anytime['times'] {
  const searches = arms.map((arm) => replaySearch(arm, full, [...full.keys()], workers).stops)
  const along = (axis: TimeAxis): readonly number[] => {
    const firsts = searches.flatMap((stops) => stops.find((stop) => stop[axis] > 0)?.[axis] ?? [])
    if (firsts.length === 0) return []
    const last = Math.max(...searches.map((stops) => stops.at(-1)?.[axis] ?? 0))
    return logarithmicTimes(Math.min(...firsts), last, timesOfCurve)
  }
  return { computeSeconds: along('computeSeconds'), wallSeconds: along('wallSeconds') }
}

function describeArm({ arm, ends, rejected, extrapolated }: ArmReplays): ResampledArm {
  const units = arm.trials.length
  const accuracies = ends.flatMap(({ testAccuracy }) => testAccuracy ?? [])
  const spent = (unit: SpentUnit): Interval => {
    // There is at least one search, so there is a value.
    return percentileInterval(
      ends.map((end) => end[unit]),
      { units },
    ) as Interval
  }
  return {
    ...ofEachUnit(spent),
    testAccuracy: percentileInterval(accuracies, { units }),
    withoutNetwork: ends.length - accuracies.length,
    rejected: rejected / ends.length,
    extrapolated: extrapolated / ends.length,
  }
}
