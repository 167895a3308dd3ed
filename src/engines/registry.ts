import { checkedEngine } from './checked-engine.js'
import type { Engine, EngineName } from './engine.js'
import { loadOwnEngine, type OwnEngineOptions } from './own-engine.js'

/** What says which engine is meant: its name, or a module or value of one's own. */
export type EngineOptions = EngineName | OwnEngineOptions

/**
 * All engines, fastest first, and how to load them. Modules are imported on demand, so that unused ones cost nothing
 * and one that cannot load does not affect the others.
 */
const loaders: Readonly<Record<EngineName, () => Promise<Engine>>> = {
  tensorflow: async () => (await import('./tfjs/tensorflow-engine.js')).loadTensorflowEngine(),
  native: async () => (await import('./native/native-engine.js')).loadNativeEngine(),
  wasm: async () => (await import('./wasm/wasm-engine.js')).loadWasmEngine(),
  'tfjs-cpu': async () => (await import('./tfjs/tfjs-cpu-engine.js')).loadTfjsCpuEngine(),
}

/** The names of all engines, fastest first. */
export const engineNames = Object.keys(loaders) as readonly EngineName[]

/**
 * Loads an engine, its arguments checked.
 *
 * @throws EngineError if it cannot be loaded on this machine; ConfigError if a module or a value is not an engine.
 *
 * @example
 * const native = await loadEngine('native')
 * const mine = await loadEngine({ name: 'module', module: './engine.mjs', settings: {} })
 */
export async function loadEngine(options: EngineOptions): Promise<Engine> {
  return typeof options === 'string' ? checkedEngine(await loaders[options]()) : loadOwnEngine(options, engineNames)
}
