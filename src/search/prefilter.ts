import { addCosts, type Cost, noCost, type Outcome } from '../evaluators/outcome.js'
import type { MeasureName } from '../evaluators/zero-cost/measure.js'
import { zeroCostOptions } from '../evaluators/zero-cost/settings.js'
import { FearNasError } from '../platform/errors.js'
import { createRng, type SeedPart } from '../platform/rng.js'
import type { Architecture, DuplicateLevel, SearchSpace } from '../spaces/search-space.js'
import { shuffledOrder } from '../strategies/architecture-order.js'
import type { SearchServices } from './driver.js'
import { loneTask } from './lone-task.js'
import { onAllWorkers } from './on-all-workers.js'

/** The prefilter of a search: a zero-cost measure scores many architectures, and only the best are searched. */
export interface PrefilterOptions {
  readonly measure: MeasureName
  /** Share of the scored architectures to keep, in (0, 1]. */
  readonly keep: number
  /** How many architectures are drawn and scored. */
  readonly pool: number
  /** Training images per measure. */
  readonly batch: number
}

export interface PrefilterJob {
  readonly arm: string
  /** The run's seed. */
  readonly seed: SeedPart
  readonly space: SearchSpace
  /** When two architectures count as the same, and only one is drawn. */
  readonly duplicates: DuplicateLevel
  readonly options: PrefilterOptions
  /** Scores of earlier sessions, by position in the pool. */
  readonly earlier?: ReadonlyMap<number, PrefilteredNetwork> | undefined
}

/** An architecture of the pool and its score. */
export interface PrefilteredNetwork {
  readonly architecture: Architecture
  readonly outcome: Outcome
}

export interface Prefiltered {
  readonly options: PrefilterOptions
  /** In the order of drawing; fewer than requested if the space has fewer. */
  readonly pool: readonly PrefilteredNetwork[]
  /** The architectures to search, best first. */
  readonly kept: readonly Architecture[]
}

/** No architecture got a score. */
export class PrefilterError extends FearNasError {}

/**
 * Scores a pool of distinct, uniformly drawn architectures by a zero-cost measure and keeps the best share, before an
 * arm's search: on all workers, each from its own seed, so that the result depends on seed and settings, not on the
 * workers. Its cost is recorded as the arm's prefilter. Each score is an event of the journal, so a resumed run
 * computes only the missing ones.
 *
 * @returns null if a stop was requested before all were scored.
 * @throws PrefilterError if no architecture has a score.
 */
export async function prefilter(job: PrefilterJob, services: SearchServices): Promise<Prefiltered | null> {
  const { arm, options } = job
  const { onEvent } = services
  const drawn = drawPool(job)
  const done = takeOver(drawn, job, services)
  const isNew = done.size < drawn.length
  if (isNew) {
    const architectures = drawn.length
    onEvent?.({ kind: 'prefilter-started', arm, measure: options.measure, architectures, scoredBefore: done.size })
    await scoreRest(drawn, done, job, services)
    if (done.size < drawn.length) return null
  }
  const pool = drawn.flatMap((_, i) => done.get(i) ?? [])
  const kept = best(pool, options.keep)
  const filtered = { options, pool, kept }
  if (isNew) onEvent?.({ kind: 'prefilter-finished', arm, kept: kept.length, cost: prefilterCost(filtered) })
  return filtered
}

/** The total cost of a prefilter. */
export function prefilterCost({ pool }: Pick<Prefiltered, 'pool'>): Cost {
  return pool.reduce((sum, { outcome }) => addCosts(sum, outcome.cost), noCost)
}

/** Distinct architectures, uniformly drawn: the first of a random order of the space. */
function drawPool({ seed, space, duplicates, options }: PrefilterJob): readonly Architecture[] {
  const order = shuffledOrder(space, duplicates, createRng(seed, 'prefilter'))
  const drawn: Architecture[] = []
  for (let i = 0; i < options.pool; i++) {
    const candidate = order.at(i)
    if (candidate === null) break
    drawn.push(candidate.architecture)
  }
  return drawn
}

function takeOver(
  drawn: readonly Architecture[],
  { arm, earlier }: PrefilterJob,
  { ledger }: SearchServices,
): Map<number, PrefilteredNetwork> {
  const known = [...(earlier ?? [])].filter(([i, { architecture }]) => drawn[i] === architecture)
  for (const [, { outcome }] of known) ledger.charge(arm, 'prefilter', outcome)
  return new Map(known)
}

/** Computes the scores missing in `done`, until a stop is requested. */
async function scoreRest(
  drawn: readonly Architecture[],
  done: Map<number, PrefilteredNetwork>,
  { arm, seed, options }: PrefilterJob,
  { executor, journal, ledger, onEvent, stop, wallSeconds }: SearchServices,
): Promise<void> {
  const evaluator = zeroCostOptions(options)
  const missing = [...drawn.entries()].filter(([candidate]) => !done.has(candidate))
  const failures: unknown[] = []
  await onAllWorkers(executor, missing, stop, async ([candidate, architecture]) => {
    const { outcome } = await executor.evaluate(loneTask(seed, [seed, 'prefilter', candidate], architecture, evaluator))
    ledger.charge(arm, 'prefilter', outcome)
    done.set(candidate, { architecture, outcome })
    // Not awaited: a score takes less time than a disk write. A disk error ends the run.
    journal
      ?.append({ event: 'prefilter.scored', arm, candidate, architecture, outcome, wallSeconds: wallSeconds() })
      .catch((error: unknown) => failures.push(error))
    onEvent?.({ kind: 'prefilter-scored', arm, scored: done.size, architectures: drawn.length })
    return failures.length === 0
  })
  await journal?.flush()
  if (failures.length > 0) throw failures[0]
}

/** The best share, at least one; for equal scores the earlier drawn first. Those without a score rank last. */
function best(pool: readonly PrefilteredNetwork[], share: number): readonly Architecture[] {
  const scores = pool.map(({ outcome }) =>
    outcome.kind === 'scored' && Number.isFinite(outcome.score) ? outcome.score : -Infinity,
  )
  if (scores.every((score) => score === -Infinity)) throw new PrefilterError(nothingScored(pool))
  return [...pool.keys()]
    .sort((a, b) => compare(scores[b] as number, scores[a] as number) || a - b)
    .slice(0, keptOf(pool.length, share))
    .flatMap((i) => pool[i]?.architecture ?? [])
}

/** Compares infinite scores too, whose difference is NaN. */
function compare(a: number, b: number): number {
  return a === b ? 0 : a - b
}

/** How many of a pool are kept. A rounding error in the share does not keep one more. */
export function keptOf(pool: number, share: number): number {
  return Math.max(1, Math.ceil(share * pool - 1e-9))
}

/** The smallest pool of which `kept` are kept. */
export function poolFor(kept: number, share: number): number {
  return Math.ceil(kept / share - 1e-9)
}

function nothingScored([first]: readonly PrefilteredNetwork[]): string {
  const reason = first?.outcome.kind === 'failed' ? first.outcome.message : (first?.outcome.kind ?? 'no architecture')
  return `The prefilter has no score of any architecture (${reason}). Choose another prefilter.measure, or leave prefilter out.`
}
