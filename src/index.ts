/**
 * The library behind the command line: run a study from plain options, or build your own from its parts.
 *
 * @example
 * const dataset = await loadDataset({ name: 'fashion-mnist', train: 2000, validation: 2000, test: 0, size: null, seed: 1 })
 * const executor = await createPiscinaExecutor(workerSetup(options, dataset), { workers: 'auto' })
 * const { result } = await runStudy(options, { executor, clock: awakeClock() })
 */
export { loadConfig } from './config/load-config.js'
export type { Config, ConfigInput } from './config/schema/config.js'
export type { Dataset, DatasetRequest, Split } from './datasets/dataset.js'
export { loadDataset } from './datasets/load-dataset.js'
export {
  checkBatch,
  checkFeatures,
  checkFrozenBatchNorm,
  checkMaps,
  checkNetwork,
  checkPoints,
  checkProbeOptions,
  checkStepOptions,
  checkWeights,
  findCut,
} from './engines/checks.js'
export { chooseEngine, probeEngines } from './engines/choose-engine.js'
export type * from './engines/engine.js'
export type * from './evaluators/evaluator.js'
export type { FearOptions } from './evaluators/fear/options.js'
export type { FullTrainingOptions } from './evaluators/full-training/settings.js'
export type { InTrainingOptions } from './evaluators/measures-in-training/settings.js'
export type * from './evaluators/outcome.js'
export { createEvaluator, type EvaluatorOptions, type EvaluatorSettings, traitsOf } from './evaluators/registry.js'
export { scoreTraining } from './evaluators/score-training.js'
export type { ShortTrainingOptions } from './evaluators/short-training/settings.js'
export { type AccuracyTable, readAccuracyTable } from './evaluators/tabular/accuracy-table.js'
export type { TabularOptions } from './evaluators/tabular/options.js'
export { createTabularEvaluator } from './evaluators/tabular/tabular-evaluator.js'
export { trainWhole } from './evaluators/train-whole.js'
export type { EvaluatorTraits, Pace } from './evaluators/traits.js'
export { interruptedOutcome, runTrial, type TrialRun } from './evaluators/trial-run.js'
export type { Measure, MeasureInput, MeasureName } from './evaluators/zero-cost/measure.js'
export { findMeasure, measureNames, measures } from './evaluators/zero-cost/registry.js'
export { scoreArchitecture } from './evaluators/zero-cost/score-architecture.js'
export type { ZeroCostOptions } from './evaluators/zero-cost/settings.js'
export type * from './execution/channel/channel.js'
export { createExecutor } from './execution/create-executor.js'
export type * from './execution/executor.js'
export { createInProcessExecutor } from './execution/in-process.js'
export { createPiscinaExecutor } from './execution/piscina-pool.js'
export { createProcessPoolExecutor } from './execution/process-pool.js'
export { createSimulatedExecutor } from './execution/simulated-executor.js'
export { decodeNetwork, encodeNetwork } from './models/network-file.js'
export { resolveCut } from './networks/cuts.js'
export { forwardFlops, trainingFlops } from './networks/flops.js'
export type * from './networks/network-spec.js'
export { outputCount, parameterCount, parameterLayout } from './networks/parameters.js'
export { initialWeights, type NetworkWeights } from './networks/weights.js'
export { type AwakeClock, awakeClock } from './platform/awake-clock.js'
export { type Clock, ManualClock, systemClock } from './platform/clock.js'
export * from './platform/errors.js'
export { createRng, type Rng } from './platform/rng.js'
export { type Summary, summarise } from './results/summary.js'
export { listedSpace } from './spaces/listed-space.js'
export { type Choices, type ProductSpaceParts, productSpace } from './spaces/product-space.js'
export { createSearchSpace, type PlacedSpace, type SpaceOptions } from './spaces/registry.js'
export type * from './spaces/search-space.js'
export { bootstrapIntervals } from './statistics/bootstrap.js'
export { kendall } from './statistics/kendall.js'
export { type RankAgreement, rankAgreement } from './statistics/rank-agreement.js'
export { spearman } from './statistics/spearman.js'
export { commonRatio } from './statistics/top.js'
export { type ArchitectureOrder, type Candidate, shuffledOrder } from './strategies/architecture-order.js'
export { createStrategy, defaultStrategyOptions, type StrategyOptions, strategyNames } from './strategies/registry.js'
export { scoreOf } from './strategies/score-of.js'
export type * from './strategies/strategy.js'
export * from './studies/index.js'
export type { Augmentation, TrainingRecipe } from './training/recipe.js'
