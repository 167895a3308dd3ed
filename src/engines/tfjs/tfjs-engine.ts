import type { Engine, EngineInfo, EngineName } from '../engine.js'
import type { TensorFlow } from './tensorflow.js'
import { TfjsNetwork } from './tfjs-network.js'

/** An engine on a backend of TensorFlow.js, which must have started. */
export function createTfjsEngine(tf: TensorFlow, backend: string, name: EngineName, info: EngineInfo): Engine {
  return { name, info, create: (spec, weights) => new TfjsNetwork(tf, backend, spec, weights) }
}
