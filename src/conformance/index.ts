/**
 * The conformance suites: what every engine and every strategy must pass, for vitest. An author writes
 *
 * ```ts
 * import { describeEngine, describeStrategy } from 'fear-nas/conformance'
 * describeEngine('mine', () => loadMyEngine())
 * describeStrategy('mine', createMyStrategy)
 * ```
 */
export { describeEngine, type EngineConformanceOptions } from './engine/describe-engine.js'
export { type FuzzOptions, fuzzEngine } from './engine/fuzz.js'
export { float64Engine, type OracleEngine } from './engine/oracle.js'
export { describeStrategy, type StrategyConformanceOptions, type StrategyLaw } from './strategy/describe-strategy.js'
