import type { ConfigInput } from '../config/schema/config.js'
import type { RawImages, RawImagesLoader } from '../datasets/raw-images.js'
import type { Engine } from '../engines/engine.js'
import type { Evaluator } from '../evaluators/evaluator.js'
import type { PartValue } from '../platform/parts/part-value.js'
import type { SearchSpace } from '../spaces/search-space.js'
import type { StrategyFactory } from '../strategies/strategy.js'
import type { RunExecutor, RunHooks } from './run-request.js'

/** Parts of a program's own, in the place of those that a configuration would name. */
export interface RunParts {
  readonly strategy?: OwnPart<StrategyFactory> | undefined
  readonly evaluator?: OwnPart<Evaluator> | undefined
  readonly space?: OwnPart<SearchSpace> | undefined
  readonly dataset?: OwnPart<RawImages | RawImagesLoader> | undefined
  readonly engine?: OwnPart<Engine> | undefined
}

/** A part, or a part with the name that the journal and the report give it. */
export type OwnPart<T> = T | PartValue<T>

/** Where a run goes, who follows it, and parts of your own. */
export interface RunOptions extends RunParts, Pick<RunHooks, 'onEvent' | 'onProgress' | 'onWarning' | 'signal'> {
  /**
   * The run directory: journal, summary, report and networks. It must not hold a run yet. Without one the run is in memory
   * and ends with the program.
   */
  readonly directory?: string | undefined
  /**
   * Where trials run: an executor, or what makes one for the run's data set, engine and space. Retry and quarantine are
   * added, and the run closes it. Default: threads or processes, as `workers` and `isolation` say.
   */
  readonly executor?: RunExecutor | undefined
}

/** A configuration as a plain object, defaults left out. `data` needs no name beside the option `dataset`. */
export interface RunInput extends Omit<ConfigInput, 'data'> {
  readonly data: Omit<ConfigInput['data'], 'name'> & Partial<Pick<ConfigInput['data'], 'name'>>
}
