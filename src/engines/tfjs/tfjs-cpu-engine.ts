import { EngineError } from '../../platform/errors.js'
import type { Engine } from '../engine.js'
import type { TensorFlow } from './tensorflow.js'
import { createTfjsEngine } from './tfjs-engine.js'

/**
 * Loads the engine on TensorFlow.js's plain JavaScript backend: it runs everywhere, slowly, and is the oracle against
 * which faster engines are tested. The package is loaded here, at the first call, because that takes a while.
 *
 * @throws EngineError if the package cannot be loaded.
 */
export async function loadTfjsCpuEngine(): Promise<Engine> {
  const tf = await importTensorFlow()
  if (!(await tf.setBackend('cpu'))) throw new EngineError('TensorFlow.js has no cpu backend; reinstall with: npm ci')
  useBackendQuietly(tf)
  return createTfjsEngine(tf, 'tfjs-cpu', {
    version: tf.version.tfjs,
    device: 'javascript',
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

/**
 * At its first use in Node the backend advises to install another package; in its own tests it does not. So its first
 * use is here, posing as a test, and real warnings are heard from then on.
 */
function useBackendQuietly(tf: TensorFlow): void {
  const isTest = tf.env().getBool('IS_TEST')
  tf.env().set('IS_TEST', true)
  tf.scalar(0).dispose()
  tf.env().set('IS_TEST', isTest)
}
