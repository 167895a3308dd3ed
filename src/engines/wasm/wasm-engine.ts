import { join } from 'node:path'
import { systemClock } from '../../platform/clock.js'
import { EngineError } from '../../platform/errors.js'
import { packageRoot } from '../../platform/files.js'
import { messageOf } from '../../platform/message-of.js'
import { readBuiltFile } from '../compiled/built-file.js'
import { CompiledEngine } from '../compiled/compiled-engine.js'
import type { Engine } from '../engine.js'
import { webAssembly } from './exports.js'
import { WasmLibrary } from './wasm-library.js'

/** The committed module, whether this file runs from src/ or from dist/. */
function wasmModulePath(): string {
  return join(packageRoot(), 'native', 'wasm', 'fear_nas.wasm')
}

/**
 * The engine's C++ compiled to WebAssembly with 128-bit vectors: needs no compiler and loads no native code. One thread
 * per network; any number of threads may load it, and each engine has its own memory.
 *
 * @throws EngineError if the module is missing or damaged, or this Node cannot run it.
 */
export function loadWasmEngine(): Engine {
  const library = loadWasmLibrary()
  // A WebAssembly memory has 32-bit addresses.
  return new CompiledEngine('wasm', library, library.instructionSets(), 2 ** 32)
}

/** A new instance of the module. @throws EngineError as above. */
export function loadWasmLibrary(): WasmLibrary {
  try {
    return new WasmLibrary(compiledModule(), systemClock)
  } catch (cause) {
    if (cause instanceof EngineError) throw cause
    throw new EngineError(`the WebAssembly engine does not load: ${messageOf(cause)}`, { cause })
  }
}

let compiled: object | null = null

/** The module, compiled once per thread. */
function compiledModule(): object {
  compiled ??= compile(wasmModulePath())
  return compiled
}

function compile(path: string): object {
  const { Module, validate } = webAssembly()
  const bytes = readBuiltFile({
    what: "the WebAssembly engine's module",
    file: path,
    record: path.replace(/\.wasm$/, '.json'),
    key: 'moduleSha256',
    remedy: 'install fear-nas again',
  })
  if (!validate(bytes)) {
    throw new EngineError(
      `this Node (${process.version}) cannot run ${path}: it needs WebAssembly with SIMD and exceptions, as in Node 20 to 24`,
    )
  }
  return new Module(bytes)
}
