import chalk from 'chalk'
import { createLogUpdate } from 'log-update'
import type { Outcome } from '../evaluators/outcome.js'
import type { Clock } from '../platform/clock.js'
import type { Progress, SearchEvent } from '../search/search-event.js'
import type { Place } from '../strategies/strategy.js'
import { describeCalibration } from './calibration-text.js'
import { formatAccuracy, formatDuration, formatRatio, formatScore } from './format.js'

/** Follows a run and tells people how it goes. */
export interface ProgressReporter {
  /** A line that stays. */
  line(text: string): void
  /** Work that is not trials, such as decoding a data set: `fraction` in 0..1. */
  task(fraction: number, message: string): void
  event(event: SearchEvent): void
  /** Takes the status line away. */
  done(): void
}

export interface ProgressOptions {
  readonly stream: NodeJS.WriteStream
  readonly clock: Clock
  /** Neither status line nor lines; warnings excepted. */
  readonly quiet: boolean
}

/** On a terminal one status line that is rewritten, and a line for each trial; elsewhere plain lines only. */
export function createProgressReporter({ stream, clock, quiet }: ProgressOptions): ProgressReporter {
  const status = stream.isTTY && !quiet ? createLogUpdate(stream) : null
  const started = clock.now()
  const tracker = new RunTracker()
  let lastTask = ''

  const print = (text: string): void => {
    if (quiet) return
    status?.clear()
    stream.write(`${text}\n`)
  }
  return {
    line: print,
    task(fraction, message) {
      if (status !== null) status(`${message} ${Math.floor(100 * fraction)} %`)
      else if (message !== lastTask) print(message)
      lastTask = message
    },
    event(event) {
      tracker.update(event)
      const text = describeEvent(event, tracker)
      if (text !== null) print(`${chalk.dim(clockText(clock.now() - started))} ${text}`)
      if (status !== null) status(tracker.statusLine(clock.now() - started))
    },
    done() {
      status?.clear()
      status?.done()
    },
  }
}

/** What the status line needs to know of the events so far. */
class RunTracker {
  #arm = ''
  #evaluator = ''
  #planned: number | undefined
  #wallLimit: number | undefined
  #progress: Progress | null = null
  #firstArm: { readonly computeSeconds: number; readonly trials: number } | null = null
  #arms = 0
  #finalistSeconds = 0

  update(event: SearchEvent): void {
    switch (event.kind) {
      case 'calibration-started':
        this.#leaveArm(event.arm)
        break
      case 'arm-started':
        this.#leaveArm(event.arm)
        this.#arms++
        this.#evaluator = event.evaluator
        this.#planned = event.budget.trials
        this.#wallLimit = event.budget.wallSeconds
        break
      case 'trial-finished':
        this.#progress = event.progress
        break
      case 'finalist-finished':
        this.#finalistSeconds += event.outcome.cost.computeSeconds
        break
    }
  }

  statusLine(elapsedSeconds: number): string {
    const progress = this.#progress
    const parts = [
      chalk.bold(this.#arm),
      this.trialCount(),
      `best ${progress?.best == null ? '-' : formatScore(progress.best.score)}`,
      `${formatDuration(elapsedSeconds)} elapsed`,
      `${formatDuration(this.#remainingSeconds())} left`,
    ]
    const speedup = this.#speedupSoFar()
    if (speedup !== null) parts.push(`speed-up ${formatRatio(speedup)} so far`)
    return parts.join(chalk.dim(' | '))
  }

  trialCount(): string {
    return `${this.#progress?.finishedTrials ?? 0}${this.#planned === undefined ? '' : `/${this.#planned}`} trials`
  }

  #leaveArm(next: string): void {
    if (this.#arms === 1) this.#firstArm ??= this.#spent()
    this.#arm = next
    this.#progress = null
    this.#planned = undefined
  }

  /** Of this arm's evaluations, by the mean pace so far. */
  #remainingSeconds(): number {
    const progress = this.#progress
    if (progress === null || progress.finishedTrials === 0) return Number.NaN
    const pace = progress.wallSeconds / progress.finishedTrials
    const byTrials = this.#planned === undefined ? Infinity : pace * (this.#planned - progress.finishedTrials)
    const byWall = this.#wallLimit === undefined ? Infinity : Math.max(0, this.#wallLimit - progress.wallSeconds)
    return Math.min(byTrials, byWall)
  }

  /** Mean compute seconds a trial of full training over those of the first arm, whose finalists are counted. */
  #speedupSoFar(): number | null {
    if (this.#evaluator !== 'full-training') return null
    const first = this.#firstArm
    const now = this.#progress
    if (first === null || now === null || now.finishedTrials === 0 || first.computeSeconds === 0) return null
    return now.computeSeconds / now.finishedTrials / (first.computeSeconds / first.trials)
  }

  #spent(): { computeSeconds: number; trials: number } | null {
    if (this.#progress === null) return null
    return {
      computeSeconds: this.#progress.computeSeconds + this.#finalistSeconds,
      trials: this.#progress.finishedTrials,
    }
  }
}

function describeEvent(event: SearchEvent, tracker: RunTracker): string | null {
  switch (event.kind) {
    case 'calibration-started':
      return `${event.arm}: looking for the threshold with ${event.architectures} networks`
    case 'calibration-finished': {
      const found = describeCalibration({ threshold: event.threshold, computeSeconds: event.cost.computeSeconds })
      return `${event.arm}: threshold ${found}`
    }
    case 'arm-started': {
      const resumed = event.resumedTrials > 0 ? `, ${event.resumedTrials} trials done before` : ''
      const workers = event.workers === 1 ? '1 worker' : `${event.workers} workers`
      return `${event.arm}: ${event.strategy} search with ${event.evaluator}, ${workers}${resumed}`
    }
    case 'trial-finished':
      return `${event.arm} ${tracker.trialCount()}  ${describeOutcome(event.outcome)}  ${event.architecture}${promotionText(event)}`
    case 'finalist-started':
      return `${event.arm} finalist: training trial ${event.trial} in full  ${event.architecture}`
    case 'finalist-finished':
      return `${event.arm} finalist  ${describeOutcome(event.outcome)}  ${event.architecture}`
    case 'tests-started':
      return `${event.arm}: measuring ${event.networks} networks on the test images, which no arm pays for`
    case 'arm-finished':
      return `${event.arm}: ${event.trials} trials in ${formatDuration(event.wallSeconds)} (${event.endedBy})`
    default:
      return null
  }
}

/** ` (trial 12 at fidelity 1)` of a promotion. */
function promotionText({ fidelity, promotes }: Place): string {
  return promotes === undefined ? '' : ` (trial ${promotes} at fidelity ${fidelity})`
}

/** An outcome in a few words, with what it cost. */
export function describeOutcome(outcome: Outcome): string {
  return `${outcomeText(outcome)} in ${formatDuration(outcome.cost.computeSeconds)}`
}

function outcomeText(outcome: Outcome): string {
  switch (outcome.kind) {
    case 'scored':
      return chalk.green(`${outcome.metric} ${formatScore(outcome.score)}`)
    case 'rejected':
      return chalk.yellow(`rejected at train accuracy ${formatAccuracy(outcome.bestTrainAccuracy)}`)
    case 'below-threshold':
      return chalk.yellow(`below threshold at train accuracy ${formatAccuracy(outcome.bestTrainAccuracy)}`)
    case 'diverged':
      return chalk.red(`diverged in ${outcome.phase}, epoch ${outcome.epoch}`)
    case 'timed-out':
      return chalk.red(`timed out after ${formatDuration(outcome.limitSeconds)}`)
    case 'failed':
      return chalk.red(`failed: ${outcome.message}`)
  }
}

/** `[01:23]` since the start. */
function clockText(seconds: number): string {
  const whole = Math.floor(seconds)
  return `[${String(Math.floor(whole / 60)).padStart(2, '0')}:${String(whole % 60).padStart(2, '0')}]`
}
