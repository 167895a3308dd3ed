import type { Calibration } from '../evaluators/calibration/calibration.js'
import type { EvaluatorOptions, EvaluatorSettings } from '../evaluators/registry.js'
import type { SearchSpace } from '../spaces/search-space.js'
import { type CalibratedEvaluator, calibrate } from './calibrate.js'
import { runSearch, type SearchOptions, type SearchResult, type SearchServices } from './driver.js'
import { fidelitiesOf, type SearchEvaluators } from './fidelities.js'
import { stoppedSearch } from './stopped-search.js'

export interface CalibratedSearchOptions
  extends Omit<SearchOptions, keyof SearchEvaluators<unknown>>,
    SearchEvaluators<EvaluatorSettings> {
  readonly space: SearchSpace
  /** Number of classes of the data set. */
  readonly classes: number
}

export interface CalibratedSearchResult extends SearchResult {
  /** How the evaluator's threshold was found; null if it was set or there is none. */
  readonly calibration: Calibration | null
}

/**
 * A search that finds the threshold of its evaluator first, if it has `threshold: auto`. At most one fidelity may have
 * it: the journal records one threshold per arm.
 */
export async function runCalibratedSearch(
  options: CalibratedSearchOptions,
  services: SearchServices,
): Promise<CalibratedSearchResult> {
  const calibrated: CalibratedEvaluator[] = []
  for (const evaluator of fidelitiesOf(options)) {
    const found = await calibrate({ ...options, evaluator, earlier: options.earlier?.calibration }, services)
    if (found === null) return { calibration: null, ...stoppedSearch(options.arm, services) }
    calibrated.push(found)
  }
  const lowerFidelities = calibrated.map(({ evaluator }) => evaluator)
  const evaluator = lowerFidelities.pop() as EvaluatorOptions
  const calibration = calibrated.find((found) => found.calibration !== null)?.calibration ?? null
  return { calibration, ...(await runSearch({ ...options, evaluator, lowerFidelities }, services)) }
}
