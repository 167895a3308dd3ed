import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { EngineError } from '../../platform/errors.js'

/** A network inside the addon. Opaque; freed by `dispose` or with the garbage. */
export type NativeHandle = object & { readonly brand: unique symbol }

/** Seconds spent since a network's creation, by phase of its work. */
export type NativePhases = Readonly<Record<string, number>>

/**
 * The functions of the addon, as native/binding/addon.cpp defines them. Arrays named `result`, `logits`, `gradients` and
 * `features` are filled; all others are read. Each throws an Error with a message for people.
 */
export interface NativeAddon {
  /** Instruction sets this processor has, best first, separated by commas. */
  instructionSets(): string
  create(plan: Int32Array, instructionSet: string): NativeHandle
  dispose(handle: NativeHandle): void
  setWeights(handle: NativeHandle, parameters: Float32Array, means: Float32Array, variances: Float32Array): void
  getWeights(handle: NativeHandle, parameters: Float32Array, means: Float32Array, variances: Float32Array): void
  /** Node 0 unfreezes. */
  freeze(handle: NativeHandle, node: number, batchStatistics: boolean): void
  /** `values` of `node`: images if it is 0, features if it is the frozen cut. `result` receives loss and correct count. */
  trainStep(
    handle: NativeHandle,
    node: number,
    values: Float32Array,
    labels: Int32Array,
    count: number,
    options: Float64Array,
    result: Float64Array,
  ): void
  evaluate(
    handle: NativeHandle,
    node: number,
    values: Float32Array,
    labels: Int32Array,
    count: number,
    result: Float64Array,
  ): void
  logits(handle: NativeHandle, images: Float32Array, count: number, logits: Float32Array): void
  gradients(
    handle: NativeHandle,
    images: Float32Array,
    labels: Int32Array,
    count: number,
    gradients: Float32Array,
  ): void
  features(
    handle: NativeHandle,
    node: number,
    images: Float32Array,
    count: number,
    batchStatistics: boolean,
    features: Float32Array,
  ): void
  memoryBytes(handle: NativeHandle): number
  phases(handle: NativeHandle): NativePhases
}

/** Where the addon is when it has been built, whether this module runs from src/ or from dist/. */
export function nativeAddonPath(): string {
  return join(packageRoot(), 'build', 'native', 'fear_nas.node')
}

/** @throws EngineError if the addon has not been built or does not load. */
export function loadAddon(): NativeAddon {
  const path = nativeAddonPath()
  if (!existsSync(path)) {
    throw new EngineError(
      `the native engine has not been built (${path} is missing): install a C++ compiler and run "make build"`,
    )
  }
  try {
    return createRequire(import.meta.url)(path) as NativeAddon
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause)
    throw new EngineError(`the native engine does not load: ${reason}. Build it anew with "make build"`, { cause })
  }
}

/** The folder of package.json, above this file. */
function packageRoot(): string {
  let folder = dirname(fileURLToPath(import.meta.url))
  while (!existsSync(join(folder, 'package.json'))) {
    const parent = dirname(folder)
    if (parent === folder) throw new EngineError(`no package.json above ${import.meta.url}: install fear-nas anew`)
    folder = parent
  }
  return folder
}
