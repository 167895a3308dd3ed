import type { Engine, EngineInfo, EngineName } from '../engine.js'
import type { TensorFlow } from './tensorflow.js'
import { TfjsNetwork } from './tfjs-network.js'

/** An engine on TensorFlow.js, whose backend must have been set. */
export function createTfjsEngine(tf: TensorFlow, name: EngineName, info: EngineInfo): Engine {
  return { name, info, create: (spec, weights) => new TfjsNetwork(tf, spec, weights) }
}
