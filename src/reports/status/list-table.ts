import chalk from 'chalk'
import Table from 'cli-table3'
import { visibleLine, visibleLines } from '../../platform/visible-text.js'
import { formatAccuracy, formatRatio } from '../format.js'
import { plainTable } from '../plain-table.js'
import type { ListedRun } from './run-list.js'
import { stateText } from './status-text.js'

/** Runs for a terminal, a row each, and what is wrong with the broken ones. */
export function renderList(runs: readonly ListedRun[], folder: string): string {
  if (runs.length === 0) return `no runs in ${visibleLine(folder)}`
  const head = ['began (UTC)', 'command', 'config', 'state', 'arms', 'trials', 'test accuracy', 'speed-up', 'folder']
  const table = new Table({ head: head.map((title) => chalk.cyan(title)), ...plainTable })
  for (const { arms, command, config, date, directory, speedup, state, testAccuracy, trials } of visibleLines(runs)) {
    table.push([
      date?.slice(0, 16).replace('T', ' ') ?? '-',
      command ?? '-',
      config ?? '-',
      state === 'broken' ? chalk.red(state) : stateText(state),
      arms,
      trials,
      formatAccuracy(testAccuracy),
      formatRatio(speedup),
      directory,
    ])
  }
  const broken = runs.flatMap(({ error }) => (error === null ? [] : [`broken: ${visibleLine(error)}`]))
  return [table.toString(), ...broken].join('\n')
}
