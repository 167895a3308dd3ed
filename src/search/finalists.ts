import type { Evaluation } from '../evaluators/evaluator.js'
import { fullTrainingOptions } from '../evaluators/full-training/settings.js'
import type { Outcome } from '../evaluators/outcome.js'
import type { EvaluationTask } from '../execution/executor.js'
import type { SeedPart } from '../platform/rng.js'
import type { Architecture } from '../spaces/search-space.js'
import { fidelityOf, lineageOf } from '../strategies/lineage.js'
import type { FinishedTrial, Lineage } from '../strategies/strategy.js'
import type { SearchServices } from './driver.js'
import { lastEvaluations } from './fidelities.js'
import { loneTask } from './lone-task.js'
import { onAllWorkers } from './on-all-workers.js'
import { seedIndex, trialSeed } from './trial.js'

/** A finalist: a trial that is trained in full, and the outcome of that training. */
export interface Finalist {
  readonly trial: number
  readonly architecture: Architecture
  /** By the search's evaluator. */
  readonly score: number
  /** The outcome of the full training. */
  readonly outcome: Outcome
}

export interface FinalistsOptions {
  readonly arm: string
  /** The run's seed. */
  readonly seed: SeedPart
  readonly chosen: readonly ScoredTrial[]
  /** Full trainings of earlier sessions of the run, by trial. */
  readonly earlier?: ReadonlyMap<number, Outcome> | undefined
}

export interface ScoredTrial extends Lineage {
  readonly index: number
  readonly architecture: Architecture
  readonly score: number
}

/**
 * The `count` best trials by score, best first; for equal scores the earlier trial first. In a search over fidelities,
 * higher fidelities come first, and an architecture counts by its last evaluation.
 */
export function chooseFinalists(trials: readonly FinishedTrial[], count: number): readonly ScoredTrial[] {
  return lastEvaluations(trials)
    .flatMap(({ outcome, ...trial }): readonly ScoredTrial[] =>
      outcome.kind === 'scored' ? [{ ...trial, score: outcome.score }] : [],
    )
    .toSorted((a, b) => fidelityOf(b) - fidelityOf(a) || b.score - a.score || a.index - b.index)
    .slice(0, count)
}

/**
 * Trains the finalists in full, on all workers. Each uses its trial's seeds, so it is the same network that a
 * full-training arm trains for that trial. A stop request leaves out the rest. Finalists of an earlier session that are
 * no longer among the best count towards cost only.
 */
export async function trainFinalists(
  options: FinalistsOptions,
  services: SearchServices,
): Promise<readonly Finalist[]> {
  const { arm, chosen, earlier = new Map<number, Outcome>() } = options
  for (const [trial, outcome] of earlier) {
    if (!chosen.some(({ index }) => index === trial)) services.ledger.charge(arm, 'finalists', outcome)
  }
  const finalists: Finalist[] = []
  // Known results come first, so that a network is reported as the best so far only if it is.
  const queue = chosen.toSorted((a, b) => Number(earlier.has(b.index)) - Number(earlier.has(a.index)))
  await onAllWorkers(services.executor, queue, services.stop, async (trial) => {
    finalists.push(await trainFinalist(trial, options, services))
  })
  await services.journal?.flush()
  return chosen.flatMap(({ index }) => finalists.filter(({ trial }) => trial === index))
}

async function trainFinalist(
  chosen: ScoredTrial,
  { arm, seed, earlier }: FinalistsOptions,
  { executor, journal, ledger, onEvaluation, onEvent, wallSeconds }: SearchServices,
): Promise<Finalist> {
  const { index, architecture, score } = chosen
  const key = { arm, trial: index, architecture, ...lineageOf(chosen) }
  const known = earlier?.get(index)
  if (known === undefined) onEvent?.({ kind: 'finalist-started', ...key })
  const evaluation: Evaluation =
    known === undefined
      ? await executor.evaluate(fullTrainingTask(seed, seedIndex(chosen), architecture))
      : { outcome: known }
  const { outcome } = evaluation
  ledger.charge(arm, 'finalists', outcome)
  onEvaluation?.({ index, architecture, outcome, ...lineageOf(chosen) }, evaluation)
  if (known === undefined) {
    await journal?.append({ event: 'finalist.finished', ...key, outcome, wallSeconds: wallSeconds() })
    onEvent?.({ kind: 'finalist-finished', ...key, outcome })
  }
  return { trial: index, architecture, score, outcome }
}

/** The full training of a trial. The same task gives the same network in any arm or session. */
export function fullTrainingTask(seed: SeedPart, index: number, architecture: Architecture): EvaluationTask {
  return loneTask(seed, trialSeed(seed, index), architecture, fullTrainingOptions)
}
