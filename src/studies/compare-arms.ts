import type { Outcome } from '../evaluators/outcome.js'
import { traitsOf } from '../evaluators/registry.js'
import { hasFidelities } from '../search/fidelities.js'
import type { FinishedTrial } from '../search/trial.js'
import { kendall } from '../statistics/kendall.js'
import { spearman } from '../statistics/spearman.js'
import type { ArmRun } from './arm-run.js'
import type { SpentUnit } from './resampling/compare-ends.js'
import type { ArmOptions, Comparison, RankCorrelation } from './study.js'

/** The reference arm: the first that trains every architecture in full, or else the last one. */
export function yardstickOf(arms: readonly ArmOptions[]): ArmOptions | undefined {
  return arms.find(trainsAllInFull) ?? arms.at(-1)
}

/** Whether an arm trains every architecture in full, not only those promoted from lower fidelities. */
export function trainsAllInFull(arm: ArmOptions): boolean {
  return traitsOf(arm.evaluator).trainsInFull && !hasFidelities(arm)
}

/** Compares every other arm with the reference arm, in order, as far as they have run and are comparable. */
export function compareAll(runs: readonly ArmRun[], yardstick: ArmOptions | undefined): readonly Comparison[] {
  const base = runs.find(({ result }) => result.name === yardstick?.name)
  if (base === undefined) return []
  return runs.flatMap((run) => (run === base ? [] : (compareArms(run, base) ?? [])))
}

/**
 * Compares an arm (FEAR) with another (full training). Null unless both evaluated the same architectures to the end: a
 * ratio of times spent on different work means nothing. Always null for a search over fidelities. Ratios are NaN if an
 * arm ends without a network or spent nothing.
 */
export function compareArms(arm: ArmRun, yardstick: ArmRun): Comparison | null {
  if (arm.result.stopped || yardstick.result.stopped || !areComparable(arm, yardstick)) return null
  const haveNetworks = arm.result.best !== null && yardstick.result.best !== null
  const ratio = (cost: SpentUnit): number => {
    const [mine, its] = [arm.result[cost], yardstick.result[cost]]
    return haveNetworks && mine > 0 && its > 0 ? its / mine : Number.NaN
  }
  const ours = arm.result.best?.testAccuracy ?? null
  const theirs = yardstick.result.best?.testAccuracy ?? null
  return {
    arm: arm.result.name,
    against: yardstick.result.name,
    speedup: {
      computeSeconds: ratio('computeSeconds'),
      wallSeconds: ratio('wallSeconds'),
      trainingFlops: ratio('trainingFlops'),
    },
    testAccuracyDifference: ours === null || theirs === null ? null : ours - theirs,
    rankCorrelation: rankCorrelation(arm.trials, yardstick.trials),
  }
}

/** Whether two arms evaluated the same architectures in the same order, each by one evaluator. */
export function areComparable(
  { result: one, trials: first }: ArmRun,
  { result: other, trials: second }: ArmRun,
): boolean {
  return (
    one.fidelities === undefined &&
    other.fidelities === undefined &&
    first.length === second.length &&
    first.every(({ index, architecture }, i) => second[i]?.index === index && second[i]?.architecture === architecture)
  )
}

/**
 * Rank correlation of the first arm's scores with the second's validation accuracies, over the trials scored in both.
 */
export function rankCorrelation(first: readonly FinishedTrial[], second: readonly FinishedTrial[]): RankCorrelation {
  const accuracies = new Map(second.map(({ index, outcome }) => [index, accuracyOf(outcome)]))
  const pairs = first.flatMap(({ index, outcome }) => {
    const accuracy = accuracies.get(index) ?? null
    return outcome.kind === 'scored' && accuracy !== null ? [{ score: outcome.score, accuracy }] : []
  })
  const scores = pairs.map(({ score }) => score)
  const accuracy = pairs.map((pair) => pair.accuracy)
  return {
    spearman: spearman(scores, accuracy) ?? Number.NaN,
    kendall: kendall(scores, accuracy) ?? Number.NaN,
    trials: pairs.length,
  }
}

function accuracyOf(outcome: Outcome): number | null {
  return outcome.kind === 'scored' ? outcome.validationAccuracy : null
}
