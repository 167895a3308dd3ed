import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { addonFolders, addonName } from './addon-place.js'
import { packageRoot } from './files.js'
import { sha256 } from './sha256.js'

/** The folders, and the files in them, that determine what the installed program computes. */
const parts: readonly (readonly [folder: string, extension: string])[] = [
  ['dist', '.js'],
  [path.join('native', 'wasm'), '.wasm'],
]

const known = new Map<string, string>()

/**
 * Identifies the program that is installed in a package folder: 16 hexadecimal digits of a SHA-256 over the compiled
 * modules, the native parts, package.json (which pins the dependencies) and the version of Node. Computed once per
 * thread, at the first call (about 30 ms), so that it describes what the thread has loaded.
 */
export function programDigest(root: string = packageRoot()): string {
  const digest = known.get(root) ?? readProgramDigest(root)
  known.set(root, digest)
  return digest
}

/** The same for the current files. */
export function readProgramDigest(root: string): string {
  const compiled = parts.flatMap(([folder, extension]) =>
    filesIn(path.join(root, folder))
      .filter((name) => name.endsWith(extension))
      .flatMap((name) => named(root, path.join(folder, name))),
  )
  const [addonFolder] = addonFolders(root)
  const addon = addonFolder === undefined ? [] : named(addonFolder, addonName)
  return sha256(process.version, ...named(root, 'package.json'), ...compiled, ...addon).slice(0, 16)
}

/** A file with its name; empty if it is not there. */
function named(root: string, file: string): readonly (string | Buffer)[] {
  const bytes = readOrNull(path.join(root, file))
  // The lengths separate the files.
  return bytes === null ? [] : [`\n${file} ${bytes.length}\n`, bytes]
}

/** Null for a file that was removed since its folder was read. */
function readOrNull(file: string): Buffer | null {
  try {
    return readFileSync(file)
  } catch {
    return null
  }
}

/** Sorted; empty if the folder is absent: an engine may not be built, or the program may not run from `dist`. */
function filesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort()
  } catch {
    return []
  }
}
