import { type EvaluatorOptions, traitsOf } from '../evaluators/registry.js'
import type { Strategy } from '../strategies/strategy.js'

/**
 * A trial knows of the trials at least so many places before it: enough for eight workers to be busy, and few enough
 * that a strategy learns, and FEAR finds a cheap reference, early.
 */
export const resultLag = 8

/** Of which earlier trials a trial may know: its strategy when it proposes it, FEAR when it rejects it. */
export interface Knowledge {
  /** Whether results are shown at all. */
  readonly looks: boolean
  /** How many trials, from index 0 on, must be finished before trial `index` is proposed. Never falls. */
  required(index: number): number
  /** How many trials, from index 0 on, are shown of those that are finished; Infinity for all there are. */
  shown(index: number): number
  /** Trials that can be in flight at once. */
  readonly maxInFlight: number
}

/**
 * What a search may know. Where anything looks at results (the strategy, or FEAR's rejection), a trial sees those up to
 * `resultLag` places before it, all of them finished: a function of its index alone, so that any number of workers
 * gives the same trials. Measured seconds repeat on no machine, so that rejection by them takes the newest there is.
 */
export function knowledgeFor(strategy: Strategy, evaluators: readonly EvaluatorOptions[]): Knowledge {
  const units = evaluators.flatMap((evaluator) => traitsOf(evaluator).pace?.unit ?? [])
  if (units.includes('seconds')) return newest
  return units.length > 0 || (strategy.looksAtResults ?? true) ? lagged : nothing
}

const newest: Knowledge = { looks: true, required: () => 0, shown: () => Infinity, maxInFlight: Infinity }

const nothing: Knowledge = { looks: false, required: () => 0, shown: () => 0, maxInFlight: Infinity }

const old = (index: number): number => Math.max(0, index - resultLag + 1)

const lagged: Knowledge = { looks: true, required: old, shown: old, maxInFlight: resultLag }
