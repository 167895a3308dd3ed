/**
 * The conformance suites: what every engine must pass, for vitest. An engine's author writes
 *
 * ```ts
 * import { describeEngine } from 'fear-nas/conformance'
 * describeEngine('mine', () => loadMyEngine())
 * ```
 */
export { describeEngine, type EngineConformanceOptions } from './engine/describe-engine.js'
export { type FuzzOptions, fuzzEngine } from './engine/fuzz.js'
export { float64Engine, type OracleEngine } from './engine/oracle.js'
