import chalk from 'chalk'
import { visibleLine, visibleLines } from '../../platform/visible-text.js'
import type { ListedRun } from '../../results/status/run-list.js'
import { formatAccuracy, formatRatio } from '../format.js'
import { textTable } from '../text-table.js'
import { stateText } from './status-text.js'

const head = ['began (UTC)', 'command', 'config', 'state', 'arms', 'trials', 'test accuracy', 'speed-up', 'folder']

/** Runs for a terminal, one row each, with the reason for broken ones. */
export function renderList(runs: readonly ListedRun[], folder: string, columns?: number): string {
  if (runs.length === 0) return `no runs in ${visibleLine(folder)}`
  const shown = visibleLines(runs)
  const rows = shown.map(({ arms, command, config, date, directory, speedup, state, testAccuracy, trials }) => [
    date === null ? '-' : minuteOf(date),
    command ?? '-',
    config ?? '-',
    state === 'broken' ? chalk.red(state) : stateText(state),
    arms === null ? '-' : String(arms),
    trials === null ? '-' : String(trials),
    formatAccuracy(testAccuracy),
    formatRatio(speedup),
    directory,
  ])
  const table = textTable(
    head.map((title) => chalk.cyan(title)),
    rows,
    columns,
  )
  const broken = shown.flatMap(({ error }) => (error === null ? [] : [`broken: ${error}`]))
  return [table, ...broken].join('\n')
}

/**
 * `2026-01-31T15:45:00.000Z` -> `2026-01-31 15:45`. Counts characters, since a text that is not a date may have
 * surrogate pairs.
 */
function minuteOf(date: string): string {
  return [...date].slice(0, 16).join('').replace('T', ' ')
}
