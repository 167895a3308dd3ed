import type core from '@tensorflow/tfjs-core'
import { EngineError } from '../../platform/errors.js'

/**
 * The `tf` namespace. Passed as an argument everywhere, so that the same code runs on any package that exports it
 * (`@tensorflow/tfjs-core`, `@tensorflow/tfjs-node`, `@tensorflow/tfjs-node-gpu`) and importing it stays lazy.
 */
export type TensorFlow = typeof core

export type { Scalar, Tensor, Tensor1D, Tensor2D, Tensor4D, Variable } from '@tensorflow/tfjs-core'

/**
 * Selects the backend. All copies of the package in a process share it, so engines on different backends must select it
 * again before use.
 *
 * @throws EngineError if it does not start.
 */
export function useBackend(tf: TensorFlow, name: string): void {
  if (tf.getBackend() === name) return
  // Returns a promise, but has already switched, unless the backend starts asynchronously.
  void tf.setBackend(name).catch(() => {})
  if (tf.getBackend() !== name) throw new EngineError(`the ${name} backend of TensorFlow.js does not start`)
}

/** The state shared by all copies of the package in a process. */
interface SharedState {
  readonly _tfengine?: { readonly ENV: { getBool(flag: string): boolean; set(flag: string, value: boolean): void } }
}

/**
 * Runs `load` with TensorFlow.js in test mode, which suppresses its advice to install another package, and a hundred
 * warnings about a second copy. Other warnings are shown again afterwards.
 */
export async function quietly<T>(load: () => T | Promise<T>): Promise<T> {
  const flags = (globalThis as SharedState)._tfengine?.ENV
  if (flags === undefined) return load()
  const isTest = flags.getBool('IS_TEST')
  flags.set('IS_TEST', true)
  try {
    return await load()
  } finally {
    flags.set('IS_TEST', isTest)
  }
}
