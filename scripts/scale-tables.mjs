/*
 * The tables of a run of benchmarks/scale.mjs. Called by scripts/performance-tables.mjs.
 */
import { table, thousands } from './markdown.mjs'

/** The first, a middle and the last tenth of a long search, to show whether it slows down; and the time that `status` takes. */
export function scaleTables({ courses, statuses, trials, hardware, date, load }) {
  const mean = (values) => values.reduce((sum, value) => sum + value, 0) / values.length
  const tenth = trials / 10
  const rows = [0, 4, 9].flatMap((part) =>
    Object.entries(courses).map(([name, samples]) => {
      const own = samples.filter((sample) => sample.trials > part * tenth && sample.trials <= (part + 1) * tenth)
      const perTrial = mean(own.map(({ cpuSeconds }) => cpuSeconds)) / 10_000
      return [
        `${thousands(part * tenth)} to ${thousands((part + 1) * tenth)}`,
        name,
        `${(1e6 * perTrial).toFixed(1)} µs`,
        thousands(1 / perTrial),
        thousands(10_000 / mean(own.map(({ seconds }) => seconds))),
        `${thousands(own.at(-1).residentMiB)} MiB`,
      ]
    }),
  )
  const least = (runs, unit) => `${Math.min(...runs.map((run) => run[unit])).toFixed(2)} s`
  return [
    table(
      ['trials', 'search', 'CPU time per trial', 'trials per CPU second', 'trials per second', 'resident memory'],
      rows,
    ),
    '',
    table(
      ['`fear-nas status` of', 'journal', 'CPU time, minimum', 'time, minimum', 'time, maximum'],
      statuses.map(({ trials: count, journalMiB, runs }) => [
        `${thousands(count)} trials`,
        `${thousands(journalMiB)} MiB`,
        least(runs, 'cpuSeconds'),
        least(runs, 'seconds'),
        `${Math.max(...runs.map(({ seconds }) => seconds)).toFixed(2)} s`,
      ]),
    ),
    '',
    `(${hardware.cpu}, ${hardware.logicalCores} cores, Node ${hardware.node.slice(1)}, ${date.slice(0, 10)}; load ` +
      `average ${load[0].toFixed(1)} at the start, ${load[1].toFixed(1)} at the end.)`,
  ].join('\n')
}
