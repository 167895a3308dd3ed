/*
 * Prints the runs of results/reference as the Markdown table of the README:
 *
 *   node scripts/results-table.mjs
 */
import { readdirSync, readFileSync } from 'node:fs'

const folder = new URL('../results/reference/', import.meta.url)
const percent = (accuracy) => `${(100 * accuracy).toFixed(2)} %`
const signed = (value) => `${value < 0 ? '-' : '+'}${Math.abs(value).toFixed(2)}`

const rows = readdirSync(folder, { withFileTypes: true })
  .filter((entry) => entry.isDirectory() && !entry.name.startsWith('.'))
  .map(({ name }) => name)
  .toSorted()
  .map((name) => {
    const summary = JSON.parse(readFileSync(new URL(`${name}/summary.json`, folder), 'utf8'))
    const { fear, full } = summary.arms
    const { trials, best, computeSeconds } = fear
    const start = `| ${name} | ${trials} | ${computeSeconds.toFixed(0)} s |`
    if (full === undefined) return `${start} | | | ${percent(best.testAccuracy)} | | | |`
    const { computeSeconds: compute, wallSeconds: wall } = summary.speedup
    return (
      `${start} ${full.computeSeconds.toFixed(0)} s | ${compute.toFixed(2)} | ${wall.toFixed(2)} | ` +
      `${percent(best.testAccuracy)} | ${percent(full.best.testAccuracy)} | ` +
      `${signed(100 * summary.testAccuracyDifference)} | ${summary.rankCorrelation.spearman.toFixed(2)} |`
    )
  })

process.stdout.write(
  [
    '| run | architectures | FEAR, compute | full, compute | speed-up, compute | speed-up, wall clock | FEAR, test | full, test | points | Spearman |',
    '|---|---|---|---|---|---|---|---|---|---|',
    ...rows,
    '',
  ].join('\n'),
)
