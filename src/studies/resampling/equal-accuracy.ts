import { mean } from '../../statistics/sample.js'
import { compareEnds, type EndsComparison } from './compare-ends.js'
import type { ArmReplays } from './replayed-arm.js'

/** An arm compared with the cheapest short training that is at least as accurate, on average over the searches. */
export interface EqualAccuracy extends EndsComparison {
  /** The name of that short-training arm. */
  readonly against: string
}

/**
 * What the cheapest search by short training costs whose final test accuracy is at least that of this arm, over what
 * this arm costs. We read the speed-up of the FEAR paper so (arXiv 2106.04010: 2.4 times, in the abstract alone). Mean
 * accuracies decide which arm that is, once for all searches: chosen for each search, it would be the arm
 * that was luckiest there.
 *
 * Null for short training itself, and if no short-training arm is as accurate.
 */
export function equalAccuracy(record: ArmReplays, all: readonly ArmReplays[]): EqualAccuracy | null {
  const wanted = meanAccuracy(record)
  const units = record.arm.trials.length
  if (record.arm.isShortTraining || wanted === null) return null
  const [cheapest] = all
    .filter((other) => other.arm.isShortTraining && (meanAccuracy(other) ?? -Infinity) >= wanted)
    .toSorted((a, b) => meanSeconds(a) - meanSeconds(b))
  if (cheapest === undefined) return null
  return { against: cheapest.arm.name, ...compareEnds(record.ends, cheapest.ends, units) }
}

function meanAccuracy({ ends }: ArmReplays): number | null {
  return mean(ends.flatMap(({ testAccuracy }) => testAccuracy ?? []))
}

function meanSeconds({ ends }: ArmReplays): number {
  return mean(ends.map(({ computeSeconds }) => computeSeconds)) ?? Infinity
}
