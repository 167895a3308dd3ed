import path from 'node:path'
import type { Model } from '../models/model.js'
import { decodeNetwork } from '../models/network-file.js'
import { ConfigError, FearNasError, NetworkFileError } from '../platform/errors.js'
import type { Wording } from '../platform/wording.js'
import { bestNetworkFile } from '../results/network-files.js'
import type { RankingSummary } from '../results/ranking-summary.js'
import type { Summary } from '../results/summary.js'
import { createSearchSpace } from '../spaces/registry.js'
import type { BestNetwork, FinishedTrial } from '../studies/index.js'
import { named } from './check-arguments.js'
import { checkOpenOptions, type LoadNetworkOptions, openModel } from './load-network.js'
import type { FinishedRun } from './run-job.js'
import { shortfallOf } from './shortfall.js'
import { surroundingsOf } from './surroundings.js'

/** A search that found a network. */
export interface SearchRun {
  readonly kind: 'search'
  /** The network that it hands over, chosen by validation images and measured on test images. Accuracies in 0..1. */
  readonly best: BestNetwork
  /** Every trial, in order. */
  readonly trials: readonly FinishedTrial[]
  /** As `summary.json` has it. */
  readonly summary: Summary
  /** Null for a run in memory. */
  readonly directory: string | null
  /** `best` with its weights, ready to predict. */
  loadBest(options?: Pick<LoadNetworkOptions, 'engine'>): Promise<Model>
}

/** A comparison of several arms. */
export interface CompareRun {
  readonly kind: 'compare'
  /** By arm, in order. */
  readonly trials: Readonly<Record<string, readonly FinishedTrial[]>>
  /** As `summary.json` has it: `comparisons` has the speed-ups, `arms[name].best` the network of each arm. */
  readonly summary: Summary
  readonly directory: string | null
  /**
   * The best network of an arm with its weights.
   *
   * @throws ConfigError if there is no such arm; FearNasError if it has none; NetworkFileError if its file is missing or
   * damaged.
   */
  loadBest(arm: string, options?: Pick<LoadNetworkOptions, 'engine'>): Promise<Model>
}

/** A ranking of evaluators over the same architectures. */
export interface RankRun {
  readonly kind: 'rank'
  /** As `summary.json` has it: `methods` has the rank correlations, `architectures` every score. */
  readonly summary: RankingSummary
  readonly directory: string | null
}

/** A run ended without a network that was trained in full: no trial got a score, or it was stopped before. */
export class NoNetworkError extends FearNasError {
  /** What there is of a search; null for a training. */
  readonly summary: Summary | null
  readonly directory: string | null

  constructor(message: string | Wording, summary: Summary | null, directory: string | null) {
    super(message)
    this.summary = summary
    this.directory = directory
  }
}

/** @throws NoNetworkError if it found none. */
export async function searchRun(run: FinishedRun<Summary>): Promise<SearchRun> {
  const { store, summary, trials } = run
  const { directory } = store
  const [name, arm] = Object.entries(summary.arms)[0] ?? []
  if (name === undefined || arm === undefined || arm.best === null) throw await noNetwork(run)
  return {
    kind: 'search',
    best: arm.best,
    trials: trials.get(name) ?? [],
    summary,
    directory,
    loadBest: (options) => loadBest(run, name, options),
  }
}

async function noNetwork({ store, summary }: FinishedRun<Summary>): Promise<NoNetworkError> {
  const { directory } = store
  const reasons = await shortfallOf(summary, store)
  const next = directory === null ? 'Run it again.' : `Continue with resume(${JSON.stringify(directory)}).`
  const stopped = `The search was stopped before a network was trained in full. ${next}`
  return new NoNetworkError(reasons.length > 0 ? reasons.join('\n') : stopped, summary, directory)
}

export function compareRun(run: FinishedRun<Summary>): CompareRun {
  const { store, summary, trials } = run
  return {
    kind: 'compare',
    trials: Object.fromEntries(trials),
    summary,
    directory: store.directory,
    loadBest: (arm, options) => loadBest(run, arm, options),
  }
}

export function rankRun({ store, summary }: FinishedRun<RankingSummary>): RankRun {
  return { kind: 'rank', summary, directory: store.directory }
}

async function loadBest(
  { setup, store, summary }: FinishedRun<Summary>,
  arm: string,
  options: Pick<LoadNetworkOptions, 'engine'> = {},
): Promise<Model> {
  const arms = Object.keys(summary.arms)
  if (!arms.includes(arm)) {
    const problem = arm === undefined ? 'loadBest needs the name of an arm' : `There is no arm ${named(arm)}`
    throw new ConfigError(`${problem}. Arms of this run: ${arms.join(', ')}.`)
  }
  checkOpenOptions(options)
  if (summary.arms[arm]?.best === null) throw new FearNasError(`The arm ${arm} has no trained network.`)
  const name = bestNetworkFile(arm)
  const bytes = store.read(name)
  if (bytes === null) {
    const file = store.directory === null ? name : path.join(store.directory, name)
    throw new NetworkFileError(`${file} is missing. Restore it, or train the network again with train().`)
  }
  const space = createSearchSpace(setup.space)
  const { engine = setup.engine } = options
  return openModel(decodeNetwork(bytes, name), { engine, space, surroundings: surroundingsOf(setup) })
}
