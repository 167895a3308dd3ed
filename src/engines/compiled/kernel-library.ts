import type { EnginePhases } from '../engine.js'

/** A network in a library. Opaque; freed by `dispose` or by garbage collection. */
export type NetworkHandle = object & { readonly brand: unique symbol }

/** See native/network/plan.h. */
export const tooLargeCode = 'TOO_LARGE'

/**
 * The networks of native/, compiled: as an addon of Node (native/binding/addon.cpp) or to WebAssembly
 * (native/wasm/binding.cpp). Every function checks lengths and indices. Arrays named `result`, `logits`, `gradients`,
 * `features` and those of `getWeights` and `getMomentum` are filled; all others are read. Each throws an Error with a message for people, whose `code` is
 * `tooLargeCode` where the network or the batch is too large.
 */
export interface KernelLibrary {
  /** Available instruction sets on this processor, best first, comma-separated. */
  instructionSets(): string
  create(plan: Int32Array, instructionSet: string): NetworkHandle
  dispose(handle: NetworkHandle): void
  setWeights(handle: NetworkHandle, parameters: Float32Array, means: Float32Array, variances: Float32Array): void
  getWeights(handle: NetworkHandle, parameters: Float32Array, means: Float32Array, variances: Float32Array): void
  getMomentum(handle: NetworkHandle, momentum: Float32Array): void
  setMomentum(handle: NetworkHandle, momentum: Float32Array): void
  /** Node 0 unfreezes. */
  freeze(handle: NetworkHandle, node: number, batchStatistics: boolean): void
  /** `values` of `node`: images if it is 0, features if it is the frozen cut. `result` receives loss and correct count. */
  trainStep(
    handle: NetworkHandle,
    node: number,
    values: Float32Array,
    labels: Int32Array,
    count: number,
    options: Float64Array,
    result: Float64Array,
  ): void
  evaluate(
    handle: NetworkHandle,
    node: number,
    values: Float32Array,
    labels: Int32Array,
    count: number,
    result: Float64Array,
  ): void
  logits(handle: NetworkHandle, images: Float32Array, count: number, logits: Float32Array): void
  gradients(
    handle: NetworkHandle,
    images: Float32Array,
    labels: Int32Array,
    count: number,
    gradients: Float32Array,
  ): void
  features(
    handle: NetworkHandle,
    node: number,
    images: Float32Array,
    count: number,
    batchStatistics: boolean,
    features: Float32Array,
  ): void
  /**
   * Fills those of `parameters`, `inputs` and `outputs` that are not empty.
   *
   * @returns the power of two by which true gradients are larger.
   */
  probe(
    handle: NetworkHandle,
    images: Float32Array,
    labels: Int32Array,
    count: number,
    crossEntropy: boolean,
    bypass: boolean,
    parameters: Float32Array,
    inputs: Float32Array,
    outputs: Float32Array,
  ): number
  /** `points` holds vectors of parameters, one after the other; `gradients` is as long. */
  gradientsNear(
    handle: NetworkHandle,
    images: Float32Array,
    labels: Int32Array,
    count: number,
    points: Float32Array,
    gradients: Float32Array,
  ): void
  memoryBytes(handle: NetworkHandle): number
  phases(handle: NetworkHandle): EnginePhases
}
