import chalk from 'chalk'
import type { JournalEvent } from '../journal/journal-event.js'
import { counted } from '../platform/count.js'
import { visibleLines } from '../platform/visible-text.js'
import { describeCalibration } from './calibration-text.js'
import { formatAccuracy, formatDuration } from './format.js'
import { clockText, describeOutcome } from './outcome-text.js'

/** An event of a journal as a line of text; null for frequent events of no interest. */
export function describeJournalEvent(read: JournalEvent): string | null {
  if (!isDescribed(read)) return null
  const event = visibleLines(read)
  switch (event.event) {
    case 'run.started':
      return `${event.date} fear-nas ${event.command} ${event.configFile ?? ''}`.trimEnd()
    case 'run.resumed':
      return `${event.date} resumed`
    case 'run.finished':
      return `${event.date} ${event.stopped ? 'stopped early' : 'finished'}`
    case 'calibration.finished': {
      const computeSeconds = event.networks.reduce((sum, { outcome }) => sum + outcome.cost.computeSeconds, 0)
      return at(event, `threshold ${describeCalibration({ threshold: event.threshold, computeSeconds })}`)
    }
    case 'trial.finished':
      return at(event, `trial ${event.trial}  ${describeOutcome(event.outcome)}  ${event.architecture}`)
    case 'finalist.finished':
      return at(event, `finalist, trial ${event.trial}  ${describeOutcome(event.outcome)}  ${event.architecture}`)
    case 'arm.finished': {
      const test = event.best === null ? '' : `, test accuracy ${formatAccuracy(event.best.testAccuracy)}`
      return at(
        event,
        `${counted(event.trials, 'trial')} in ${formatDuration(event.wallSeconds)} (${event.endedBy})${test}`,
      )
    }
  }
}

const undescribed = [
  'prefilter.scored',
  'trial.started',
  'test.finished',
  'latency.reported',
  'latency.measured',
] as const

type Described = Exclude<JournalEvent, { readonly event: (typeof undescribed)[number] }>

/** Whether `describeJournalEvent` has a line for an event. */
export function isDescribed(event: JournalEvent): event is Described {
  return undescribed.every((name) => name !== event.event)
}

/** With the time since the arm began. */
function at({ arm, wallSeconds }: { readonly arm: string; readonly wallSeconds: number }, text: string): string {
  return `${chalk.dim(clockText(wallSeconds))} ${arm} ${text}`
}
