import { addCosts, type Cost, noCost, type OutcomeCounts, zeroCounts } from '../evaluators/outcome.js'
import type { Architecture } from '../spaces/search-space.js'
import { type LeadingTrial, leaderOf } from '../strategies/leading-trial.js'
import { type DoubledResult, DoubledResults } from './doubled.js'
import type {
  ArmFinishedEntry,
  FinalistFinishedEntry,
  JournalEvent,
  RunFinished,
  RunStarted,
  TrialFinishedEntry,
} from './journal-event.js'
import { completeLines } from './lines.js'
import { parseLine } from './read-journal.js'
import { type FinishedTrialFacts, scanTrialLine, trialFacts } from './trial-line.js'

/**
 * The data for an overview of a run: counts and sums instead of every trial, so that it stays small for a million
 * trials.
 */
export interface RunDigest {
  /** Null if the journal has no complete line. */
  readonly started: RunStarted | null
  /** The configuration of the last session. */
  readonly config: unknown
  /** Number of sessions. */
  readonly sessions: number
  /** Null if the run is still running or was killed. */
  readonly ended: RunFinished | null
  /** In order of their start. */
  readonly arms: ReadonlyMap<string, ArmDigest>
  /** Results recorded more than once; the first of each counts. */
  readonly doubled: readonly DoubledResult[]
}

export interface ArmDigest {
  /** Finished trials by outcome. */
  readonly finished: number
  readonly outcomes: OutcomeCounts
  /** Trials that the last session started and did not finish, by index. */
  readonly running: ReadonlyMap<number, Architecture>
  /** The best by score so far. */
  readonly best: LeadingTrial | null
  /** The calibrated threshold, in 0..1; null if there is none yet. */
  readonly threshold: number | null
  /** Cost of calibration, prefilter and evaluations; the seconds of finalists are separate. */
  readonly cost: Cost
  readonly finalistSeconds: number
  /** Since the arm began, over all sessions, at its last event. */
  readonly wallSeconds: number
  readonly finalists: readonly FinalistFinishedEntry[]
  /** Networks measured on the test images for the statistics. */
  readonly tests: number
  readonly end: ArmFinishedEntry | null
}

/**
 * Reads a journal, compressed or not, for an overview: several times faster than `readJournal`, with the memory of one
 * chunk. An incomplete last line is ignored. Unlike for resuming, costs of trials are not checked line by line.
 *
 * @throws JournalError with `FILE:LINE` if a line it had to read is damaged.
 */
export async function digestJournal(path: string): Promise<RunDigest> {
  const digest = new Digest()
  let count = 0
  for await (const lines of completeLines(path)) {
    for (const line of lines) {
      digest.add(scanTrialLine(line) ?? parseLine(line, `${path}:${count + 1}`, count === 0))
      count++
    }
  }
  return digest
}

/** The same for events in memory. */
export function digestEvents(events: Iterable<JournalEvent>): RunDigest {
  const digest = new Digest()
  for (const event of events) digest.add(event)
  return digest
}

class Digest implements RunDigest {
  started: RunStarted | null = null
  config: unknown
  sessions = 0
  ended: RunFinished | null = null
  readonly arms = new Map<string, Arm>()
  readonly #results = new DoubledResults()

  get doubled(): readonly DoubledResult[] {
    return this.#results.all()
  }

  add(event: JournalEvent | FinishedTrialFacts): void {
    switch (event.event) {
      case 'run.started':
        this.started = event
        this.config = event.config
        this.sessions = 1
        break
      case 'run.resumed':
        if (event.config !== undefined) this.config = event.config
        this.sessions++
        this.ended = null
        // An interrupted trial is started again.
        for (const arm of this.arms.values()) arm.running.clear()
        break
      case 'run.finished':
        this.ended = event
        break
      default:
        if ('arm' in event) this.#arm(event.arm).add(event, this.#results)
    }
  }

  #arm(name: string): Arm {
    let arm = this.arms.get(name)
    if (arm === undefined) {
      arm = new Arm()
      this.arms.set(name, arm)
    }
    return arm
  }
}

type ArmEvent = Extract<JournalEvent | FinishedTrialFacts, { readonly arm: string }>

class Arm implements ArmDigest {
  finished = 0
  readonly outcomes = zeroCounts()
  readonly running = new Map<number, Architecture>()
  best: ArmDigest['best'] = null
  threshold: number | null = null
  cost = noCost
  finalistSeconds = 0
  wallSeconds = 0
  readonly finalists: FinalistFinishedEntry[] = []
  tests = 0
  end: ArmFinishedEntry | null = null

  add(event: ArmEvent, results: DoubledResults): void {
    if ('wallSeconds' in event) this.wallSeconds = Math.max(this.wallSeconds, event.wallSeconds)
    switch (event.event) {
      case 'calibration.finished':
        if (this.threshold !== null) break
        this.threshold = event.threshold
        for (const { outcome } of event.networks) this.cost = addCosts(this.cost, outcome.cost)
        break
      case 'prefilter.scored':
        if (results.add('candidate', event.arm, event.candidate)) this.cost = addCosts(this.cost, event.outcome.cost)
        break
      case 'trial.started':
        if (!results.has('trial', event.arm, event.trial)) this.running.set(event.trial, event.architecture)
        break
      case 'trial.finished':
        if (!results.add('trial', event.arm, event.trial)) break
        this.#finish('kind' in event ? event : trialFacts(event as TrialFinishedEntry))
        break
      case 'finalist.finished':
        if (!results.add('finalist', event.arm, event.trial)) break
        this.finalists.push(event)
        this.finalistSeconds += event.outcome.cost.computeSeconds
        break
      case 'test.finished':
        if (results.add('test', event.arm, event.trial)) this.tests++
        break
      case 'arm.finished':
        this.end = event
        break
    }
  }

  #finish({ trial, architecture, fidelity, kind, score, cost }: FinishedTrialFacts): void {
    this.running.delete(trial)
    this.finished++
    this.outcomes[kind] = (this.outcomes[kind] ?? 0) + 1
    this.cost = addCosts(this.cost, cost)
    if (score !== null) this.best = leaderOf(this.best, { trial, architecture, fidelity, score })
  }
}

/** An arm that has not started. */
export const emptyArmDigest: ArmDigest = new Arm()
