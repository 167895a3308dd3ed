import chalk from 'chalk'
import type { ArchitectureScores } from '../evaluators/zero-cost/score-architecture.js'
import type { Architecture } from '../spaces/search-space.js'
import { textTable } from './text-table.js'

export interface ScoredArchitecture extends ArchitectureScores {
  readonly architecture: Architecture
}

/** A row per measure, a column per architecture; the architecture strings are listed below because they are long. */
export function renderScores(scored: readonly ScoredArchitecture[]): string {
  const names = Object.keys(scored[0]?.scores ?? {}) as (keyof ArchitectureScores['scores'])[]
  const table = textTable(
    ['', ...scored.map((_, i) => chalk.cyan(`${i + 1}`))],
    names.map((name) => [name, ...scored.map(({ scores }) => formatMeasure(scores[name] ?? null))]),
  )
  return [table, ...scored.map(({ architecture }, i) => `${i + 1}: ${architecture}`)].join('\n')
}

/** Five significant digits. */
function formatMeasure(value: number | null): string {
  return value === null ? '-' : String(Number(value.toPrecision(5)))
}
