/**
 * fear-nas as a library: the jobs of the command line as functions of a plain configuration.
 *
 * @example
 * const run = await search({
 *   data: { name: 'fashion-mnist', train: 2000, validation: 2000 },
 *   space: { channels: 8, cells: 1 },
 *   budget: { trials: 40 },
 * })
 * console.log(run.best.architecture, run.best.testAccuracy)
 * const model = await run.loadBest()
 *
 * See docs/library.md for these, docs/extending.md for parts of your own. `fear-nas/engine` is for authors of engines,
 * `fear-nas/conformance` has the tests that parts must pass.
 */

// The jobs, and their configuration.
export { loadConfig } from './config/load-config.js'
export type { Config, ConfigInput } from './config/schema/config.js'
// Data.
export type { Dataset, Labels, Split } from './datasets/dataset.js'
export type { DatasetRequest } from './datasets/dataset-request.js'
export { loadDataset } from './datasets/load-dataset.js'
export type { ImagesRequest, LoadHooks, RawImages, RawImagesLoader } from './datasets/raw-images.js'
// Parts of your own: what they implement, and what helps.
export type { Engine, EngineName } from './engines/engine.js'
export type * from './evaluators/evaluator.js'
export type * from './evaluators/outcome.js'
export { createEvaluator, type EvaluatorOptions } from './evaluators/registry.js'
export { scoreTraining } from './evaluators/score-training.js'
export { trainWhole } from './evaluators/train-whole.js'
export type { EvaluatorTraits, Pace } from './evaluators/traits.js'
export { interruptedOutcome, runTrial, type TrialRun } from './evaluators/trial-run.js'
export type * from './execution/channel/channel.js'
export { createExecutor, type ExecutorOptions } from './execution/create-executor.js'
export type * from './execution/executor.js'
export { createInProcessExecutor } from './execution/in-process.js'
export type { ExportCheck } from './export/check-export.js'
export { Model, type Prediction } from './models/model.js'
export type { NetworkFacts, NetworkSurroundings } from './models/network-file.js'
export type { NetworkSpec } from './networks/network-spec.js'
export type { NetworkWeights } from './networks/weights.js'
export * from './platform/errors.js'
export { PartValue } from './platform/parts/part-value.js'
export { createRng, type Rng } from './platform/rng.js'
export type { NetworkMetrics } from './results/network-metrics.js'
export type { ImageResult, LabelledResult } from './results/predictions.js'
export type { RankingSummary } from './results/ranking-summary.js'
export type { Summary } from './results/summary.js'
export { compare } from './runs/compare.js'
export { type ExportedNetwork, type ExportOptions, exportNetwork } from './runs/export-network.js'
export { type CompareRun, NoNetworkError, type RankRun, type SearchRun } from './runs/finished-runs.js'
export { type LoadNetworkOptions, loadNetwork } from './runs/load-network.js'
export { type PredictedImages, type PredictOptions, predictImages } from './runs/predict-images.js'
export { rank } from './runs/rank.js'
export { type ResumeOptions, resume } from './runs/resume.js'
export type { OwnPart, RunInput, RunOptions, RunParts } from './runs/run-options.js'
export type { RunExecutor } from './runs/run-request.js'
export { search } from './runs/search.js'
export {
  type SimulateOptions,
  type SimulationInput,
  type SimulationRun,
  type SimulationSummary,
  simulate,
} from './runs/simulate.js'
export { train } from './runs/train.js'
export type { TrainEvent } from './runs/train-event.js'
export type { TrainChoices, TrainInput, TrainOptions } from './runs/train-options.js'
export type { TrainedRun } from './runs/trained-run.js'
export type { Progress, SearchEvent } from './search/search-event.js'
export { listedSpace } from './spaces/listed-space.js'
export { type Choices, type ProductSpaceParts, productSpace } from './spaces/product-space.js'
export { createSearchSpace, type SpaceOptions, type SpaceSetup } from './spaces/registry.js'
export type * from './spaces/search-space.js'
export { type ArchitectureOrder, type Candidate, shuffledOrder } from './strategies/architecture-order.js'
export { scoreOf } from './strategies/score-of.js'
export type * from './strategies/strategy.js'
export type { BestNetwork } from './studies/index.js'
