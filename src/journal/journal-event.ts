import type { Calibration } from '../evaluators/calibration/calibration.js'
import type { Outcome } from '../evaluators/outcome.js'
import type { Hardware } from '../platform/hardware.js'
import type { SeedPart } from '../platform/rng.js'
import type { Architecture } from '../spaces/search-space.js'
import type { Place } from '../strategies/strategy.js'
import type { Identity } from './identity.js'

/** Version of the journal's format. A reader refuses versions it does not know. */
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
  | ArmFinishedEntry
  | RunFinished

/** Always the first line. */
export interface RunStarted {
  readonly event: 'run.started'
  readonly schema: typeof journalSchema
  /** ISO 8601, for people. */
  readonly date: string
  /** What is run of the configuration: two arms, or one, or a ranking of architectures by several evaluators. */
  readonly command: 'compare' | 'search' | 'rank'
  /** The file that the configuration was read from, as it was named; for people. */
  readonly configFile?: string | undefined
  /** The resolved configuration, as plain data. */
  readonly config: unknown
  readonly seed: SeedPart
  readonly hardware: Hardware
  readonly engine: string
  /** What it is measured on. Absent from journals of older versions. */
  readonly identity?: Identity | undefined
  /** SHA-256 of the modules that the configuration names as strategies, by their names in it; absent if it names none. */
  readonly modules?: Readonly<Record<string, string>> | undefined
}

/** The run goes on in another process. */
export interface RunResumed {
  readonly event: 'run.resumed'
  readonly date: string
  /** Where it goes on with another configuration, one with more arms: that one. */
  readonly config?: unknown
  readonly hardware: Hardware
  readonly engine: string
  /** As of `run.started`; the instruction set alone may be another one, where that was asked for. */
  readonly identity?: Identity | undefined
  /** As in `run.started`: what this session runs. */
  readonly modules?: Readonly<Record<string, string>> | undefined
}

/** An architecture was scored that the arm may search or not, before anything else. */
export interface PrefilterScoredEntry {
  readonly event: 'prefilter.scored'
  readonly arm: string
  /** Place in the pool, from 0. */
  readonly candidate: number
  readonly architecture: Architecture
  readonly outcome: Outcome
  /** Seconds since the arm began, over all sessions of the run. */
  readonly wallSeconds: number
}

/** An arm's threshold was found, before its first trial. A run that was killed earlier calibrates anew. */
export interface CalibrationFinishedEntry extends Calibration {
  readonly event: 'calibration.finished'
  readonly arm: string
  /** Seconds since the arm began, over all sessions of the run. */
  readonly wallSeconds: number
}

interface TrialEntry extends Place {
  readonly arm: string
  /** Index of the trial, from 0. */
  readonly trial: number
  readonly architecture: Architecture
}

/** Without a `trial.finished` of the same trial later on: the process ended meanwhile, and a resumed run repeats it. */
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

/** A network that the arm trained in full was measured on the test images, for the statistics; no arm pays for it. */
export interface TestFinishedEntry extends TrialEntry {
  readonly event: 'test.finished'
  /** In 0..1. */
  readonly testAccuracy: number
}

export interface ArmFinishedEntry {
  readonly event: 'arm.finished'
  readonly arm: string
  readonly trials: number
  readonly wallSeconds: number
  /** Why no more trials were started. */
  readonly endedBy: string
  /** The network the arm hands over, and its accuracy on the test images in 0..1; null if there is none. */
  readonly best: { readonly trial: number; readonly testAccuracy: number } | null
}

/** Absent from runs that were killed. */
export interface RunFinished {
  readonly event: 'run.finished'
  readonly date: string
  /** Ended early by request; it may be resumed. */
  readonly stopped: boolean
}
