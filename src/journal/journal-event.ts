import type { Latency } from '../benchmarks/latency.js'
import type { Calibration } from '../evaluators/calibration/calibration.js'
import type { Outcome } from '../evaluators/outcome.js'
import type { Hardware } from '../platform/hardware.js'
import type { SeedPart } from '../platform/rng.js'
import type { Architecture } from '../spaces/search-space.js'
import type { Lineage } from '../strategies/strategy.js'
import type { Identity } from './identity.js'

/** Version of the journal's format. A reader refuses unknown versions. */
export const journalSchema = 1

/** One line of the journal. */
export type JournalEvent =
  | RunStarted
  | RunResumed
  | PrefilterScoredEntry
  | CalibrationFinishedEntry
  | TrialStartedEntry
  | TrialFinishedEntry
  | FinalistFinishedEntry
  | TestFinishedEntry
  | LatencyReportedEntry
  | LatencyMeasuredEntry
  | ArmFinishedEntry
  | RunFinished

/** Always the first line. */
export interface RunStarted {
  readonly event: 'run.started'
  readonly schema: typeof journalSchema
  /** ISO 8601, for information. */
  readonly date: string
  /** The command: a comparison, a search, or a ranking by several evaluators. */
  readonly command: 'compare' | 'search' | 'rank'
  /** The file of the configuration, as named by the user; for information. */
  readonly configFile?: string | undefined
  /** The resolved configuration, as plain data. */
  readonly config: unknown
  readonly seed: SeedPart
  readonly hardware: Hardware
  readonly engine: string
  /** What the session is measured on. Absent in older journals. */
  readonly identity?: Identity | undefined
  /** SHA-256 of the strategy modules, by their names in the configuration; absent if there are none. */
  readonly modules?: Readonly<Record<string, string>> | undefined
}

/** The run continues in another process. */
export interface RunResumed {
  readonly event: 'run.resumed'
  readonly date: string
  /** The new configuration, if it was extended by arms or budget. */
  readonly config?: unknown
  readonly hardware: Hardware
  readonly engine: string
  /** As in `run.started`; only the instruction set may differ, if that was allowed. */
  readonly identity?: Identity | undefined
  /** As in `run.started`, for this session. */
  readonly modules?: Readonly<Record<string, string>> | undefined
}

/** The prefilter scored an architecture, before the search. */
export interface PrefilterScoredEntry {
  readonly event: 'prefilter.scored'
  readonly arm: string
  /** Position in the pool, from 0. */
  readonly candidate: number
  readonly architecture: Architecture
  readonly outcome: Outcome
  /** Seconds since the arm began, over all sessions of the run. */
  readonly wallSeconds: number
}

/** An arm's threshold was found, before its first trial. A run that was killed before this repeats the calibration. */
export interface CalibrationFinishedEntry extends Calibration {
  readonly event: 'calibration.finished'
  readonly arm: string
  /** Seconds since the arm began, over all sessions of the run. */
  readonly wallSeconds: number
}

interface TrialEntry extends Lineage {
  readonly arm: string
  /** Index of the trial, from 0. */
  readonly trial: number
  readonly architecture: Architecture
}

/**
 * If there is no later `trial.finished` of the same trial, the process ended during it, and a resumed run repeats it.
 */
export interface TrialStartedEntry extends TrialEntry {
  readonly event: 'trial.started'
}

export interface TrialFinishedEntry extends TrialEntry {
  readonly event: 'trial.finished'
  readonly outcome: Outcome
  /** Seconds since the arm began, over all sessions of the run. */
  readonly wallSeconds: number
}

/** A trial was trained in full after the search. */
export interface FinalistFinishedEntry extends TrialEntry {
  readonly event: 'finalist.finished'
  readonly outcome: Outcome
  readonly wallSeconds: number
}

/** A fully trained network was measured on the test images, for the statistics; not charged to any arm. */
export interface TestFinishedEntry extends TrialEntry {
  readonly event: 'test.finished'
  /** In 0..1. */
  readonly testAccuracy: number
}

/** The speed of an arm's final network, measured while the workers were idle; not charged to any arm. */
export interface LatencyReportedEntry extends TrialEntry {
  readonly event: 'latency.reported'
  readonly latency: readonly Latency[]
}

/**
 * The seconds that a network took for one image, for `constraints.latency`, whether it met them or not. Recorded before
 * anything depends on it: a resumed run decides by it again.
 */
export interface LatencyMeasuredEntry {
  readonly event: 'latency.measured'
  readonly architecture: Architecture
  readonly seconds: number
}

export interface ArmFinishedEntry {
  readonly event: 'arm.finished'
  readonly arm: string
  readonly trials: number
  readonly wallSeconds: number
  /** The reason why no more trials were started. */
  readonly endedBy: string
  /** The final network of the arm, and its accuracy on the test images in 0..1; null if there is none. */
  readonly best: { readonly trial: number; readonly testAccuracy: number } | null
}

/** Absent if the run was killed. */
export interface RunFinished {
  readonly event: 'run.finished'
  readonly date: string
  /** Ended early by request; can be resumed. */
  readonly stopped: boolean
}
