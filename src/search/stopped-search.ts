import { type BudgetBooks, spentBy } from './budget-watch.js'
import type { SearchResult } from './driver.js'
import { TrialTable } from './trial-table.js'

/** The result of a search that was stopped before its first trial: its costs and an empty table. */
export function stoppedSearch(arm: string, books: BudgetBooks): SearchResult {
  const table = new TrialTable(String)
  return { table, endedBy: 'stopped', spent: spentBy(arm, books, table) }
}
