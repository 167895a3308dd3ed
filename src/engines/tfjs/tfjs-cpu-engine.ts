import { EngineError } from '../../platform/errors.js'
import { firstLineOf } from '../../platform/message-of.js'
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
    version: tf.version_core,
    device: 'javascript',
    gpu: false,
    maxThreads: Number.POSITIVE_INFINITY,
  })
}

async function importTensorFlow(): Promise<TensorFlow> {
  try {
    const core = await import('@tensorflow/tfjs-core')
    await import('@tensorflow/tfjs-backend-cpu')
    // The gradients of operations: the only build of them that Node can load is within the layers.
    await import('@tensorflow/tfjs-layers')
    return core.default
  } catch (cause) {
    throw new EngineError(`TensorFlow.js cannot be loaded (${firstLineOf(cause)}): install fear-nas again`, { cause })
  }
}
