import chalk from 'chalk'
import { outcomeKinds } from '../../evaluators/outcome.js'
import { describeDoubled } from '../../journal/doubled.js'
import { counted } from '../../platform/count.js'
import { visibleLines } from '../../platform/visible-text.js'
import type { ArmPhase, ArmStatus } from '../../results/status/arm-status.js'
import type { RunState, RunStatus } from '../../results/status/run-status.js'
import type { BudgetUse } from '../../search/budget.js'
import { formatAccuracy, formatDuration, formatScore } from '../format.js'

/** A status for a terminal. */
export function renderStatus(read: RunStatus, secondsAgo: (date: string) => number): string {
  const status = visibleLines(read)
  const { arms, command, configFile, directory, state } = status
  const what = ['fear-nas', command ?? '', configFile ?? ''].filter((part) => part !== '').join(' ')
  const lines = [`${chalk.bold(directory)}: ${what}, ${stateText(state)}`, ...processLines(status, secondsAgo)]
  if (status.doubled.length > 0) lines.push(`  ${describeDoubled(status.doubled)}`)
  for (const arm of arms) lines.push('', ...armLines(arm, state))
  if (status.resume !== null) lines.push('', `continue with: ${status.resume}`)
  return lines.join('\n')
}

const stateColours: Readonly<Record<RunState, (text: string) => string>> = {
  starting: chalk.cyan,
  running: chalk.cyan,
  finished: chalk.green,
  stopped: chalk.yellow,
  killed: chalk.red,
}

export function stateText(state: RunState): string {
  return stateColours[state](state)
}

function processLines(status: RunStatus, secondsAgo: (date: string) => number): readonly string[] {
  const { date, endedDate, lastEventSecondsAgo, owner, sessions, state } = status
  const began = date === null ? [] : [`  began ${date}${sessions > 1 ? `, ${counted(sessions, 'session')}` : ''}`]
  if (endedDate !== null) return [...began, `  ${state} ${endedDate}`]
  const held = owner === null ? 'not running' : ownerText(owner, secondsAgo)
  return [...began, `  ${held}; last event ${formatDuration(lastEventSecondsAgo)} ago`]
}

export function ownerText(
  { alive, host, pid, since }: NonNullable<RunStatus['owner']>,
  secondsAgo: (date: string) => number,
) {
  const seconds = secondsAgo(since)
  const time = Number.isFinite(seconds) ? `, for ${formatDuration(Math.max(0, seconds))}` : ''
  if (alive === null)
    return `process ${pid} on ${host}${time} by its lock; whether it is alive cannot be checked from here`
  return alive ? `process ${pid} is running${time}` : `process ${pid} is gone`
}

const phaseText: Readonly<Record<ArmPhase, string>> = {
  waiting: 'waiting',
  searching: 'searching',
  finalists: 'training its finalists in full',
  tests: 'measuring on the test images',
  finished: 'finished',
}

function armLines(arm: ArmStatus, state: RunState): readonly string[] {
  const { best, evaluator, finalists, phase, secondsLeft, tests, testAccuracy, threshold, trials } = arm
  const with_ = evaluator === null || evaluator === arm.name ? '' : ` (${evaluator})`
  const interrupted = phase !== 'finished' && phase !== 'waiting' && state !== 'running'
  const head = `${chalk.bold(arm.name)}${with_}: ${interrupted ? `${state} while ` : ''}${phaseText[phase]}`
  if (phase === 'waiting') return [head]
  const counts = outcomeKinds
    .filter((kind) => trials.outcomes[kind] > 0)
    .map((kind) => `${trials.outcomes[kind]} ${kind}`)
  const running = trials.running === 0 ? [] : [`${trials.running} ${state === 'running' ? 'running' : 'interrupted'}`]
  const lines = [`trials: ${[`${trials.finished} finished`, ...counts, ...running].join(', ')}`]
  if (threshold !== null) lines.push(`threshold: ${formatAccuracy(threshold)}, found by calibration`)
  if (best !== null) lines.push(`best so far: ${formatScore(best.score)}, trial ${best.trial}  ${best.architecture}`)
  lines.push(`spent: ${formatDuration(arm.computeSeconds)} of compute in ${formatDuration(arm.wallSeconds)}`)
  if (arm.budget.length > 0) lines.push(`budget: ${arm.budget.map(budgetText).join(', ')}`)
  if (secondsLeft !== null) lines.push(`left: about ${formatDuration(secondsLeft)} of search, at its mean pace so far`)
  if (finalists.finished.length > 0) lines.push(finalistsText(finalists))
  if (tests > 0) lines.push(`measured on the test images: ${counted(tests, 'network')}`)
  if (testAccuracy !== null) lines.push(`test accuracy of its network: ${formatAccuracy(testAccuracy)}`)
  return [head, ...lines.map((line) => `  ${line}`)]
}

function budgetText({ limit, planned, used }: BudgetUse): string {
  if (limit === 'trials') return `${used} of ${counted(planned, 'trial')}`
  const of = limit === 'wallSeconds' ? 'wall-clock time' : 'compute time'
  return `${formatDuration(used)} of ${formatDuration(planned)} ${of}`
}

function finalistsText({ finished, planned }: ArmStatus['finalists']): string {
  const accuracies = finished.flatMap(({ validationAccuracy }) => validationAccuracy ?? [])
  const best = accuracies.length === 0 ? '' : `, best validation accuracy ${formatAccuracy(Math.max(...accuracies))}`
  return `finalists: ${finished.length} of ${planned} trained in full${best}`
}
