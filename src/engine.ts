/**
 * For authors of engines: the interface, and what an implementation needs to read a network. Everything else is in
 * `fear-nas`; the tests that an engine must pass are in `fear-nas/conformance`.
 *
 * @example
 * import { type Engine, parameterLayout } from 'fear-nas/engine'
 * export const myEngine: Engine = {
 *   name: 'mine',
 *   info: { version: '1', device: 'cpu', gpu: false, maxThreads: Infinity },
 *   create: (spec, weights) => new MyNetwork(spec, parameterLayout(spec), weights),
 * }
 */
export { checkedEngine } from './engines/checked-engine.js'
export { findCut } from './engines/checks.js'
export type * from './engines/engine.js'
export { loadEngine } from './engines/registry.js'
export { resolveCut } from './networks/cuts.js'
export { forwardFlops, trainingFlops } from './networks/flops.js'
export * from './networks/network-spec.js'
export {
  type BatchNormSpec,
  frozenPrefix,
  outputCount,
  type ParameterKind,
  type ParameterLayout,
  type ParameterSpec,
  parameterCount,
  parameterLayout,
} from './networks/parameters.js'
export { initialWeights, type NetworkWeights } from './networks/weights.js'
export { EngineError, NetworkTooLargeError } from './platform/errors.js'
