import type { SpaceOptions } from '../../spaces/registry.js'

/** Scores and costs looked up in a CSV file, for searches in simulated time; see `accuracy-table`. */
export interface TabularOptions {
  readonly name: 'tabular'
  /** The CSV file. */
  readonly table: string
  /** The search space of its column `arch`. */
  readonly space: SpaceOptions
  /** Whether architectures of the space may be missing. */
  readonly partial: boolean
  /** The column with the score. */
  readonly score: string
  /** Seconds per evaluation: a number for all, or the name of a column. */
  readonly seconds: number | string
}

/** The options of a look-up in a table. */
export function tabularOptions(options: Omit<TabularOptions, 'name'>): TabularOptions {
  return { name: 'tabular', ...options }
}
