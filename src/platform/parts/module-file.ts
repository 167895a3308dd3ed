import { realpathSync } from 'node:fs'
import { createRequire, isBuiltin } from 'node:module'
import path from 'node:path'
import { readPlainFile } from '../plain-file.js'
import { sha256 } from '../sha256.js'

/** A larger file is not source text. */
const mostBytes = 64 * 1024 * 1024

/** The file of a module that a configuration names. */
export interface ModuleFile {
  /** Without symbolic links. */
  readonly path: string
  /** SHA-256 of its bytes, as hexadecimal digits. What the file imports is not part of it. */
  readonly sha256: string
}

/** A `require` that resolves modules from the working directory. */
export function requireHere(): NodeJS.Require {
  return createRequire(path.resolve('from-here.js'))
}

/** The file of a module, found without running it; null if it cannot be found or read. */
export function moduleFile(module: string): ModuleFile | null {
  if (isBuiltin(module)) return null
  try {
    const file = realpathSync(requireHere().resolve(module))
    return { path: file, sha256: sha256(readPlainFile(file, { mostBytes })) }
  } catch {
    // Loading the module reports the problem.
    return null
  }
}

/** The options of a part with the hash of the module that they name, to tell results apart; as they are if it is none. */
export function withModuleHash(options: string | { readonly name: string; readonly module?: unknown }): unknown {
  if (typeof options === 'string' || options.name !== 'module' || typeof options.module !== 'string') return options
  return { ...options, sha256: moduleFile(options.module)?.sha256 ?? null }
}

/** The hash of each module, by its name in the configuration; unreadable ones are left out. */
export function moduleHashes(modules: readonly string[]): Readonly<Record<string, string>> {
  return Object.fromEntries(
    modules.flatMap((module) => {
      const file = moduleFile(module)
      return file === null ? [] : [[module, file.sha256] as const]
    }),
  )
}
