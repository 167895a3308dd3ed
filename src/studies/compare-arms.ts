import type { Outcome } from '../evaluators/outcome.js'
import type { FinishedTrial } from '../search/trial.js'
import { kendall } from '../statistics/kendall.js'
import { spearman } from '../statistics/spearman.js'
import type { ArmRun } from './arm-run.js'
import type { Comparison, RankCorrelation } from './study.js'

/**
 * Compares the first arm (FEAR) with the second (full training). Null unless both evaluated the very same
 * architectures to the end: a ratio of times spent on different work means nothing.
 */
export function compareArms(first: ArmRun, second: ArmRun): Comparison | null {
  if (first.result.stopped || second.result.stopped || !sameArchitectures(first.trials, second.trials)) return null
  const ratio = (cost: 'computeSeconds' | 'wallSeconds' | 'trainingFlops'): number =>
    second.result[cost] / first.result[cost]
  const ours = first.result.best?.testAccuracy ?? null
  const theirs = second.result.best?.testAccuracy ?? null
  return {
    speedup: {
      computeSeconds: ratio('computeSeconds'),
      wallSeconds: ratio('wallSeconds'),
      trainingFlops: ratio('trainingFlops'),
    },
    testAccuracyDifference: ours === null || theirs === null ? null : ours - theirs,
    rankCorrelation: rankCorrelation(first.trials, second.trials),
  }
}

function sameArchitectures(first: readonly FinishedTrial[], second: readonly FinishedTrial[]): boolean {
  return (
    first.length === second.length &&
    first.every(({ index, architecture }, i) => second[i]?.index === index && second[i]?.architecture === architecture)
  )
}

/** Of the first arm's scores with the second's validation accuracies, over the trials scored in both. */
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
