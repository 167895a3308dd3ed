import type { EvaluatorSettings } from '../evaluators/evaluator.js'
import type { Calibration } from '../evaluators/fear/calibration.js'
import type { SearchSpace } from '../spaces/search-space.js'
import { BudgetWatch } from './budget-watch.js'
import { calibrate } from './calibrate.js'
import { runSearch, type SearchOptions, type SearchResult, type SearchServices } from './driver.js'
import { TrialTable } from './trial-table.js'

export interface CalibratedSearchOptions extends Omit<SearchOptions, 'evaluator'> {
  readonly evaluator: EvaluatorSettings
  readonly space: SearchSpace
  /** Of the data set. */
  readonly classes: number
}

export interface CalibratedSearchResult extends SearchResult {
  /** How the evaluator's threshold was found; null where it was given or there is none. */
  readonly calibration: Calibration | null
}

/** A search whose evaluator may have a threshold still to be found, which comes first. */
export async function runCalibratedSearch(
  options: CalibratedSearchOptions,
  services: SearchServices,
): Promise<CalibratedSearchResult> {
  const calibrated = await calibrate({ ...options, earlier: options.earlier?.calibration }, services)
  if (calibrated === null) {
    const table = new TrialTable(options.canonical)
    const spent = new BudgetWatch(options.arm, options.budget, services, table).spent()
    return { calibration: null, table, endedBy: 'stopped', spent }
  }
  const { calibration, evaluator } = calibrated
  return { calibration, ...(await runSearch({ ...options, evaluator }, services)) }
}
