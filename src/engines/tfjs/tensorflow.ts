import type tfjs from '@tensorflow/tfjs'
import { EngineError } from '../../platform/errors.js'

/**
 * The `tf` namespace. Passed as an argument everywhere, so that the same code runs on any package that exports it
 * (`@tensorflow/tfjs`, `@tensorflow/tfjs-node`, `@tensorflow/tfjs-node-gpu`) and importing it stays lazy.
 */
export type TensorFlow = typeof tfjs

export type { Scalar, Tensor, Tensor1D, Tensor2D, Tensor4D, Variable } from '@tensorflow/tfjs'

/**
 * Makes a backend the one in use. All copies of the package in a process share one choice, so engines on different
 * backends take turns.
 *
 * @throws EngineError if it does not start.
 */
export function useBackend(tf: TensorFlow, name: string): void {
  if (tf.getBackend() === name) return
  // Promises to say whether it worked, but has switched when it returns, unless the backend starts in the background.
  void tf.setBackend(name).catch(() => {})
  if (tf.getBackend() !== name) throw new EngineError(`the ${name} backend of TensorFlow.js does not start`)
}

/** What all copies of the package in a process share, once one is there. */
interface SharedState {
  readonly _tfengine?: { readonly ENV: { getBool(flag: string): boolean; set(flag: string, value: boolean): void } }
}

/**
 * Runs `load` while TensorFlow.js keeps to itself its advice to install another package, and a hundred warnings where
 * there is a second copy of it: it does so in its own tests, and here it poses as one. Real warnings are heard again
 * afterwards.
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
