import chalk from 'chalk'
import type { Outcome } from '../evaluators/outcome.js'
import { visibleLine } from '../platform/visible-text.js'
import { formatAccuracy, formatDuration, formatScore } from './format.js'

/** An outcome in a few words, with its cost. */
export function describeOutcome(outcome: Outcome): string {
  const first = outcome.lost?.[0]
  const retried =
    first === undefined ? '' : chalk.yellow(` (second attempt; of the first: ${visibleLine(first.message)})`)
  return `${outcomeText(outcome)} in ${formatDuration(outcome.cost.computeSeconds)}${retried}`
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
    case 'aborted':
      return chalk.yellow(`aborted in ${outcome.phase} at the budget's limit`)
    case 'failed':
      return chalk.red(`failed: ${visibleLine(outcome.message)}`)
  }
}

/** Elapsed time as `[01:23]`, or `[7:01:23]` from an hour on. */
export function clockText(seconds: number): string {
  const whole = Math.floor(seconds)
  const hours = Math.floor(whole / 3600)
  const two = (value: number): string => String(value % 60).padStart(2, '0')
  return `[${hours > 0 ? `${hours}:` : ''}${two(Math.floor(whole / 60))}:${two(whole)}]`
}
