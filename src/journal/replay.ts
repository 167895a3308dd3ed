import type { Latency } from '../benchmarks/latency.js'
import type { Calibration } from '../evaluators/calibration/calibration.js'
import type { Outcome } from '../evaluators/outcome.js'
import type { Architecture } from '../spaces/search-space.js'
import { lineageOf } from '../strategies/lineage.js'
import type { FinishedTrial } from '../strategies/strategy.js'
import { type DoubledResult, DoubledResults } from './doubled.js'
import type {
  ArmFinishedEntry,
  JournalEvent,
  PrefilterScoredEntry,
  RunResumed,
  RunStarted,
  TrialFinishedEntry,
  TrialStartedEntry,
} from './journal-event.js'

/** The state of a run from its journal: the results of earlier sessions. */
export interface ReplayedRun {
  readonly started: RunStarted
  /** The configuration of the last session; may have more arms than that of the first. */
  readonly config: unknown
  /** The configurations of all sessions, in order. */
  readonly configs: readonly unknown[]
  /** The first event of each session; that of the first is `started`. */
  readonly sessions: readonly (RunStarted | RunResumed)[]
  readonly arms: ReadonlyMap<string, ReplayedArm>
  /** Seconds for one image that were measured for `constraints.latency`; the first of each architecture counts. */
  readonly latencies: ReadonlyMap<Architecture, number>
  /** SHA-256 of the strategy modules by name, from the last session that recorded one. */
  readonly modules: ReadonlyMap<string, string>
  /** Results recorded more than once; empty if one process at a time drove the run. */
  readonly doubled: readonly DoubledResult[]
}

export interface ReplayedArm {
  /** Prefilter scores, by position in the pool. */
  readonly prefilter: ReadonlyMap<number, Pick<PrefilterScoredEntry, 'architecture' | 'outcome'>>
  /** Null if no calibration was requested or it has not finished. */
  readonly calibration: Calibration | null
  /** Every started trial, by index; those that did not finish are run again. */
  readonly proposals: ReadonlyMap<number, Architecture>
  /** For promotions: the promoted trial, by index of the proposal. */
  readonly promotions: ReadonlyMap<number, number>
  readonly trials: ReadonlyMap<number, FinishedTrial>
  /** Full trainings after the search, by index of the trial. */
  readonly finalists: ReadonlyMap<number, Outcome>
  /** Test accuracies of networks that were measured for the statistics, by index of the trial. */
  readonly tests: ReadonlyMap<number, number>
  /** The measured speed of final networks, by index of the trial. */
  readonly latencies: ReadonlyMap<number, readonly Latency[]>
  /** Seconds of the arm at its last event. */
  readonly wallSeconds: number
  /** Seconds of the search only, without the training of finalists. */
  readonly searchSeconds: number
  /** Null if the arm has not finished. */
  readonly finished: ArmFinishedEntry | null
}

interface ArmBuilder {
  readonly prefilter: Map<number, Pick<PrefilterScoredEntry, 'architecture' | 'outcome'>>
  calibration: Calibration | null
  readonly proposals: Map<number, Architecture>
  readonly promotions: Map<number, number>
  readonly trials: Map<number, FinishedTrial>
  readonly finalists: Map<number, Outcome>
  readonly tests: Map<number, number>
  readonly latencies: Map<number, readonly Latency[]>
  wallSeconds: number
  searchSeconds: number
  finished: ArmFinishedEntry | null
}

/** Rebuilds the state of a run; null if the journal has no complete line. */
export function replay(events: readonly JournalEvent[]): ReplayedRun | null {
  const [started] = events
  if (started?.event !== 'run.started') return null
  const arms = new Map<string, ArmBuilder>()
  const configs: unknown[] = [started.config]
  const sessions: (RunStarted | RunResumed)[] = [started]
  const modules = new Map<string, string>(Object.entries(started.modules ?? {}))
  const latencies = new Map<Architecture, number>()
  const results = new DoubledResults()
  for (const event of events) {
    if (event.event === 'run.resumed') {
      sessions.push(event)
      if (event.config !== undefined) configs.push(event.config)
      for (const [name, hash] of Object.entries(event.modules ?? {})) modules.set(name, hash)
    }
    if (event.event === 'latency.measured' && !latencies.has(event.architecture))
      latencies.set(event.architecture, event.seconds)
    if (!('arm' in event)) continue
    const arm = arms.get(event.arm) ?? emptyArm()
    arms.set(event.arm, arm)
    apply(arm, event, results)
  }
  return { started, config: configs.at(-1), configs, sessions, arms, latencies, modules, doubled: results.all() }
}

/** How an arm ended with this number of trials; null if it has not, or has been given more trials since. */
export function endOf(arm: ReplayedArm | null | undefined, trials: number): ArmFinishedEntry | null {
  return arm?.finished?.trials === trials ? arm.finished : null
}

type ArmEvent = Extract<JournalEvent, { readonly arm: string }>

/** If a result is recorded more than once, the first counts, with its architecture. */
function apply(arm: ArmBuilder, event: ArmEvent, results: DoubledResults): void {
  if (event.event === 'trial.started') {
    propose(arm, event)
    return
  }
  if (event.event === 'test.finished') {
    if (results.add('test', event.arm, event.trial)) arm.tests.set(event.trial, event.testAccuracy)
    return
  }
  if (event.event === 'latency.reported') {
    if (!arm.latencies.has(event.trial)) arm.latencies.set(event.trial, event.latency)
    return
  }
  const passed = Math.max(0, event.wallSeconds - arm.wallSeconds)
  arm.wallSeconds += passed
  if (event.event !== 'finalist.finished' && event.event !== 'arm.finished') arm.searchSeconds += passed
  switch (event.event) {
    case 'prefilter.scored':
      if (results.add('candidate', event.arm, event.candidate))
        arm.prefilter.set(event.candidate, { architecture: event.architecture, outcome: event.outcome })
      break
    case 'calibration.finished':
      arm.calibration ??= { threshold: event.threshold, networks: event.networks }
      break
    case 'trial.finished': {
      const { trial: index, architecture, outcome } = event
      if (!results.add('trial', event.arm, index)) break
      propose(arm, event)
      arm.trials.set(index, { index, architecture, outcome, ...lineageOf(event) })
      break
    }
    case 'finalist.finished':
      if (results.add('finalist', event.arm, event.trial)) arm.finalists.set(event.trial, event.outcome)
      break
    case 'arm.finished':
      arm.finished = event
      break
  }
}

function propose(arm: ArmBuilder, { architecture, promotes, trial }: TrialStartedEntry | TrialFinishedEntry): void {
  // Another process may have started it again, possibly with another architecture.
  if (arm.trials.has(trial)) return
  arm.proposals.set(trial, architecture)
  if (promotes !== undefined) arm.promotions.set(trial, promotes)
}

function emptyArm(): ArmBuilder {
  return {
    prefilter: new Map(),
    calibration: null,
    proposals: new Map(),
    promotions: new Map(),
    trials: new Map(),
    finalists: new Map(),
    tests: new Map(),
    latencies: new Map(),
    wallSeconds: 0,
    searchSeconds: 0,
    finished: null,
  }
}
