import { EngineError } from '../../platform/errors.js'
import type { Engine } from '../engine.js'
import { quietly, type TensorFlow, useBackend } from './tensorflow.js'
import { createTfjsEngine } from './tfjs-engine.js'

/**
 * Loads the engine on TensorFlow.js's plain JavaScript backend: it runs everywhere, slowly, and is the oracle against
 * which faster engines are tested. The package is loaded at the first call, because that takes a while.
 *
 * @throws EngineError if the package cannot be loaded.
 */
export async function loadTfjsCpuEngine(): Promise<Engine> {
  const tf = await quietly(importTensorFlow)
  useBackend(tf, 'cpu')
  // The backend prints its advice at its first use.
  await quietly(() => tf.scalar(0).dispose())
  return createTfjsEngine(tf, 'cpu', 'tfjs-cpu', {
    version: tf.version.tfjs,
    device: 'javascript',
    gpu: false,
    maxThreads: Number.POSITIVE_INFINITY,
  })
}

async function importTensorFlow(): Promise<TensorFlow> {
  try {
    const module = await import('@tensorflow/tfjs')
    return module.default
  } catch (cause) {
    throw new EngineError('@tensorflow/tfjs cannot be loaded; install it with: npm ci', { cause })
  }
}
