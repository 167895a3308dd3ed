/**
 * The conformance suites: what every engine, search space, strategy, data set and executor must pass, for vitest. An author writes
 *
 * ```ts
 * import { describeDataset, describeEngine, describeExecutor, describeSpace, describeStrategy } from 'fear-nas/conformance'
 * describeEngine('mine', () => loadMyEngine())
 * describeEvaluator('mine', () => createMyEvaluator({ epochs: 2 }))
 * describeStrategy('mine', createMyStrategy)
 * describeDataset({ name: 'mine', path: 'data/mine', size: null })
 * describeSpace('mine', mySpace)
 * describeExecutor('mine', (setup, workers) => createMyExecutor(setup, { workers }))
 * ```
 */
export { type DatasetConformanceOptions, describeDataset } from './dataset/describe-dataset.js'
export { describeEngine, type EngineConformanceOptions } from './engine/describe-engine.js'
export { type FuzzOptions, fuzzEngine } from './engine/fuzz.js'
export { float64Engine, type OracleEngine } from './engine/oracle.js'
export { describeEvaluator, type EvaluatorConformanceOptions } from './evaluator/describe-evaluator.js'
export { describeExecutor } from './executor/describe-executor.js'
export type { ExecutorConformanceOptions, ExecutorLaw } from './executor/executor-law.js'
export { describeSpace, type SpaceConformanceOptions } from './space/describe-space.js'
export type { SpaceLaw } from './space/suite.js'
export { describeStrategy, type StrategyConformanceOptions, type StrategyLaw } from './strategy/describe-strategy.js'
