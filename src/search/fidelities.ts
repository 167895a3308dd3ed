import { type EvaluatorSettings, labelOf } from '../evaluators/registry.js'
import { fidelityOf } from '../strategies/lineage.js'
import type { FinishedTrial, Lineage } from '../strategies/strategy.js'

/** The evaluators of an arm: one, or several for a search over fidelities. */
export interface SearchEvaluators<Settings> {
  /** The only evaluator, or that of the highest fidelity. */
  readonly evaluator: Settings
  /** The lower fidelities, cheapest first. */
  readonly lowerFidelities?: readonly Settings[] | undefined
}

/** All evaluators, cheapest first; a trial's `fidelity` is an index into this list. */
export function fidelitiesOf<Settings>({
  evaluator,
  lowerFidelities = [],
}: SearchEvaluators<Settings>): readonly Settings[] {
  return [...lowerFidelities, evaluator]
}

/** Whether there are several. */
export function hasFidelities({ lowerFidelities = [] }: SearchEvaluators<unknown>): boolean {
  return lowerFidelities.length > 0
}

/** Their names, for messages. */
export function evaluatorsText(judges: SearchEvaluators<EvaluatorSettings>): string {
  return fidelitiesOf(judges).map(labelOf).join(' + ')
}

/** Trials of the last fidelity; all trials if there is only one. */
export function ofLastFidelity<Trial extends Lineage>(trials: Iterable<Trial>, fidelities: number): readonly Trial[] {
  return [...trials].filter((trial) => fidelityOf(trial) === fidelities - 1)
}

/** The last evaluation of each architecture: all trials except those that were promoted. */
export function lastEvaluations(trials: readonly FinishedTrial[]): readonly FinishedTrial[] {
  const promoted = new Set(trials.map(({ promotes }) => promotes))
  return trials.filter(({ index }) => !promoted.has(index))
}
