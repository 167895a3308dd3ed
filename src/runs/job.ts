import type { LatencyBook } from '../benchmarks/latency-book.js'
import type { Dataset } from '../datasets/dataset.js'
import type { EngineOptions } from '../engines/registry.js'
import type { WorkerSetup } from '../execution/executor.js'
import type { Identity } from '../journal/identity.js'
import type { ReplayedRun } from '../journal/replay.js'
import type { RankingSummary } from '../results/ranking-summary.js'
import type { RunFacts, Summary } from '../results/summary.js'
import type { FinishedTrial, StudyServices } from '../studies/index.js'
import type { RunStore } from './run-store.js'

/** What a command does with a run between its checks and `summary.json`. */
export interface RunJob<S extends Summary | RankingSummary> {
  /** What the workers need to know of a data set. Throws whatever may still be wrong with the input. */
  setup(
    dataset: Dataset,
    engine: EngineOptions,
    identity: Identity,
    latencies: LatencyBook,
  ): WorkerSetup | Promise<WorkerSetup>
  run(session: RunSession): Promise<JobResult<S>>
}

/** What a job finds when it starts: an open location and workers that have loaded their engine. */
export interface RunSession {
  readonly setup: WorkerSetup
  readonly facts: RunFacts
  readonly store: RunStore
  /** The results of earlier sessions. */
  readonly earlier: ReplayedRun | null
  readonly services: StudyServices
}

export interface JobResult<S> {
  readonly summary: S
  /** By arm, in order of index. A ranking has its architectures in its summary. */
  readonly trials: ReadonlyMap<string, readonly FinishedTrial[]>
}
