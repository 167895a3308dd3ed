import { type EvaluatorSettings, labelOf } from '../evaluators/registry.js'
import { fidelityOf } from '../strategies/place.js'
import type { FinishedTrial, Place } from '../strategies/strategy.js'

/** What judges an arm's trials: one evaluator, or several for a search over fidelities. */
export interface Judges<Settings> {
  /** The one that counts: the only one, or the dearest. */
  readonly evaluator: Settings
  /** Those that a trial must get through before it, cheapest first. */
  readonly lowerFidelities?: readonly Settings[] | undefined
}

/** All of them, cheapest first: a trial's `fidelity` counts along this list. */
export function fidelitiesOf<Settings>({ evaluator, lowerFidelities = [] }: Judges<Settings>): readonly Settings[] {
  return [...lowerFidelities, evaluator]
}

/** Whether there are several. */
export function hasFidelities({ lowerFidelities = [] }: Judges<unknown>): boolean {
  return lowerFidelities.length > 0
}

/** Their names, for people. */
export function judgesText(judges: Judges<EvaluatorSettings>): string {
  return fidelitiesOf(judges).map(labelOf).join(' + ')
}

/** Trials of the last fidelity: all of them where there is but one. */
export function ofLastFidelity<Trial extends Place>(trials: Iterable<Trial>, fidelities: number): readonly Trial[] {
  return [...trials].filter((trial) => fidelityOf(trial) === fidelities - 1)
}

/** The last word on each architecture: trials without those that were promoted, whatever became of their promotion. */
export function lastEvaluations(trials: readonly FinishedTrial[]): readonly FinishedTrial[] {
  const promoted = new Set(trials.map(({ promotes }) => promotes))
  return trials.filter(({ index }) => !promoted.has(index))
}
