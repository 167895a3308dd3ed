import { type EvaluatorOptions, traitsOf } from '../evaluators/registry.js'
import type { Strategy } from '../strategies/strategy.js'

/**
 * A trial sees the results of trials at least this many positions before it: enough to keep eight workers busy, and few
 * enough that a strategy learns early and FEAR finds a cheap reference early.
 */
export const resultLag = 8

/** Which earlier results a trial may use: the strategy that proposes it, and FEAR's rejection. */
export interface Knowledge {
  /** Whether results are shown at all. */
  readonly looks: boolean
  /** How many trials, from index 0 on, must be finished before trial `index` is proposed. Never falls. */
  required(index: number): number
  /** The results of trials with an index below this are shown; Infinity: all that have finished. */
  shown(index: number): number
  /** The maximum number of running trials. */
  readonly maxInFlight: number
}

/**
 * Which results a search may use. If the strategy or FEAR's rejection uses results, a trial sees those up to
 * `resultLag` positions before it, and waits for them. This depends only on its index, so any number of workers gives
 * the same trials. Measured seconds are never repeatable, so rejection by seconds uses the newest results.
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
