import chalk from 'chalk'
import { createLogUpdate } from 'log-update'
import { traitsNamed } from '../evaluators/registry.js'
import type { Clock } from '../platform/clock.js'
import { counted } from '../platform/count.js'
import { visibleOutput } from '../platform/visible-text.js'
import { describeCalibration } from '../reports/calibration-text.js'
import { formatDuration, formatRatio, formatScore } from '../reports/format.js'
import { clockText, describeOutcome } from '../reports/outcome-text.js'
import { secondsLeft } from '../results/status/time-left.js'
import type { Budget } from '../search/budget.js'
import type { Progress, SearchEvent } from '../search/search-event.js'
import type { Lineage } from '../strategies/strategy.js'

/** Shows the progress of a run. */
export interface ProgressReporter {
  /** Prints a permanent line. */
  line(text: string): void
  /** Progress of other work, such as decoding a data set: `fraction` in 0..1. */
  task(fraction: number, message: string): void
  event(event: SearchEvent): void
  /** Removes the status line. */
  done(): void
}

export interface ProgressOptions {
  readonly stream: NodeJS.WriteStream
  readonly clock: Clock
  /** No status line and no lines, except warnings. */
  readonly quiet: boolean
}

/** On a terminal: a status line that is rewritten, and a line per trial. Elsewhere: plain lines only. */
export function createProgressReporter({ stream, clock, quiet }: ProgressOptions): ProgressReporter {
  const status = stream.isTTY && !quiet ? createLogUpdate(stream) : null
  const started = clock.now()
  const tracker = new RunTracker()
  const showStatus = (): void => status?.(visibleOutput(tracker.statusLine(clock.now() - started)))
  let ticking: NodeJS.Timeout | null = null
  let lastTask = ''

  const print = (text: string): void => {
    if (quiet) return
    status?.clear()
    stream.write(`${visibleOutput(text)}\n`)
  }
  return {
    line: print,
    task(fraction, message) {
      if (status !== null) status(visibleOutput(`${message} ${Math.floor(100 * fraction)} %`))
      else if (message !== lastTask) print(message)
      lastTask = message
    },
    event(event) {
      tracker.update(event)
      const text = describeEvent(event, tracker)
      if (text !== null) print(`${chalk.dim(clockText(clock.now() - started))} ${text}`)
      showStatus()
      // Updated regularly, since a trial may take many minutes.
      if (status !== null) ticking ??= setInterval(showStatus, 1000).unref()
    },
    done() {
      if (ticking !== null) clearInterval(ticking)
      ticking = null
      status?.clear()
      status?.done()
    },
  }
}

/** State of the status line, from the events so far. */
class RunTracker {
  #arm = ''
  #evaluator = ''
  #budget: Budget = {}
  /** Finalists and tests after the search have no pace for an estimate. */
  #isSearching = false
  #progress: Progress | null = null
  #firstArm: { readonly computeSeconds: number; readonly trials: number } | null = null
  #arms = 0
  #finalistSeconds = 0
  #prefilter: string | null = null

  update(event: SearchEvent): void {
    this.#prefilter = event.kind === 'prefilter-scored' ? `prefilter ${event.scored}/${event.architectures}` : null
    switch (event.kind) {
      case 'prefilter-started':
      case 'calibration-started':
        this.#leaveArm(event.arm)
        break
      case 'arm-started':
        this.#leaveArm(event.arm)
        this.#arms++
        this.#evaluator = event.evaluator
        this.#budget = event.budget
        this.#isSearching = true
        break
      case 'finalist-started':
      case 'tests-started':
        this.#isSearching = false
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
    const parts = [
      chalk.bold(this.#arm),
      this.#prefilter ?? this.trialCount(),
      this.best(),
      `${formatDuration(elapsedSeconds)} elapsed`,
      `${formatDuration(this.#remainingSeconds())} left`,
    ]
    const speedup = this.#speedupSoFar()
    if (speedup !== null) parts.push(`speed-up ${formatRatio(speedup)} so far`)
    return parts.join(chalk.dim(' | '))
  }

  trialCount(): string {
    const { trials } = this.#budget
    const finished = this.#progress?.finishedTrials ?? 0
    return trials === undefined ? counted(finished, 'trial') : `${finished}/${counted(trials, 'trial')}`
  }

  best(): string {
    const best = this.#progress?.best
    return `best ${best == null ? '-' : formatScore(best.score)}`
  }

  #leaveArm(next: string): void {
    if (this.#arms === 1) this.#firstArm ??= this.#spent()
    this.#arm = next
    this.#progress = null
    this.#budget = {}
  }

  /** Seconds left for this arm's evaluations, at the mean pace so far. */
  #remainingSeconds(): number {
    const progress = this.#progress
    if (progress === null || !this.#isSearching) return Number.NaN
    return secondsLeft(this.#budget, { ...progress, trials: progress.finishedTrials, targetAccuracy: 0 }) ?? Number.NaN
  }

  /**
   * Mean compute seconds of a full training divided by those of the first arm's trials; full trainings are known from
   * its finalists.
   */
  #speedupSoFar(): number | null {
    if (!traitsNamed(this.#evaluator).trainsInFull) return null
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
    case 'prefilter-started': {
      const before = event.scoredBefore > 0 ? `, ${event.scoredBefore} done before` : ''
      return `${event.arm}: scoring ${counted(event.architectures, 'architecture')} by ${event.measure}${before}`
    }
    case 'prefilter-finished':
      return `${event.arm}: ${event.kept} kept in ${formatDuration(event.cost.computeSeconds)}`
    case 'calibration-started':
      return `${event.arm}: calibrating the threshold with ${counted(event.architectures, 'network')}`
    case 'calibration-finished': {
      const found = describeCalibration({ threshold: event.threshold, computeSeconds: event.cost.computeSeconds })
      return `${event.arm}: threshold ${found}`
    }
    case 'arm-started': {
      const resumed = event.resumedTrials > 0 ? `, ${counted(event.resumedTrials, 'trial')} done before` : ''
      return `${event.arm}: ${event.strategy} search with ${event.evaluator}, ${counted(event.workers, 'worker')}${resumed}`
    }
    case 'trial-finished':
      return `${event.arm} ${tracker.trialCount()}, ${tracker.best()}  trial ${event.trial}: ${describeOutcome(event.outcome)}  ${event.architecture}${promotionText(event)}`
    case 'finalist-started':
      return `${event.arm} finalist: training trial ${event.trial} in full  ${event.architecture}`
    case 'finalist-finished':
      return `${event.arm} finalist  ${describeOutcome(event.outcome)}  ${event.architecture}`
    case 'tests-started':
      return `${event.arm}: measuring ${counted(event.networks, 'network')} on the test images (not charged to any arm)`
    case 'arm-finished':
      return `${event.arm}: ${counted(event.trials, 'trial')} in ${formatDuration(event.wallSeconds)} (${event.endedBy})`
    default:
      return null
  }
}

/** ` (trial 12 at fidelity 1)` for a promotion. */
function promotionText({ fidelity, promotes }: Lineage): string {
  return promotes === undefined ? '' : ` (trial ${promotes} at fidelity ${fidelity})`
}
