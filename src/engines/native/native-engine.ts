import { EngineError } from '../../platform/errors.js'
import { CompiledEngine } from '../compiled/compiled-engine.js'
import type { Engine } from '../engine.js'
import { loadAddon, nativeAddonPath } from './addon.js'

export { nativeAddonPath }

/** The instruction sets of this processor and build, best first: `avx512`, `avx2`, `generic`. */
export function nativeInstructionSets(): readonly string[] {
  return loadAddon().instructionSets().split(',')
}

/**
 * The C++ engine: one thread per network, float32, one image per lane of the widest vectors of the processor. Any
 * number of threads may load it.
 *
 * The environment variable FEAR_NAS_ISA selects a smaller instruction set, for tests and comparisons.
 *
 * @throws EngineError if the addon is not built, does not load, or lacks the requested instruction set.
 */
export function loadNativeEngine(instructionSet: string | undefined = process.env.FEAR_NAS_ISA): Engine {
  const addon = loadAddon()
  const available = addon.instructionSets().split(',')
  const chosen = instructionSet === undefined || instructionSet === '' ? available[0] : instructionSet
  if (chosen === undefined || !available.includes(chosen)) {
    throw new EngineError(
      `this machine does not have the instruction set "${chosen}"; set FEAR_NAS_ISA to one of ${available.join(', ')} or unset it`,
    )
  }
  return new CompiledEngine('native', addon, chosen)
}
