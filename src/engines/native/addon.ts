import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import path from 'node:path'
import { addonFolders, addonName, packagedAddonFolder } from '../../platform/addon-place.js'
import { EngineError } from '../../platform/errors.js'
import { messageOf } from '../../platform/message-of.js'
import { readBuiltFile } from '../compiled/built-file.js'
import type { KernelLibrary } from '../compiled/kernel-library.js'
import { buildCommand, buildOutlook } from './build-outlook.js'

/** Path of the built addon, or where the package's own would lie; for this module in src/ or dist/. */
export function nativeAddonPath(): string {
  const [folder = packagedAddonFolder()] = addonFolders()
  return path.join(folder, addonName)
}

/** @throws EngineError if the addon has not been built, has changed since, or does not load. */
export function loadAddon(): KernelLibrary {
  let first: unknown
  for (const folder of addonFolders()) {
    try {
      return openAddon(folder)
    } catch (error) {
      first ??= error
    }
  }
  throw first ?? new EngineError(`the native engine is not built: ${buildOutlook().advice}`)
}

/**
 * Whether the addon that belongs to the package is as it was built. If it does not load all the same, it was built for
 * another machine, which may use it.
 */
export function isPackagedAddonWhole(): boolean {
  const folder = packagedAddonFolder()
  try {
    return existsSync(path.join(folder, addonName)) && readAddon(folder) !== null
  } catch {
    return false
  }
}

/** The addon that loads, or whether the next run that uses the engine builds one. */
export function addonState(): { readonly file: string | null; readonly buildable: boolean } {
  try {
    loadAddon()
    return { file: nativeAddonPath(), buildable: false }
  } catch {
    return { file: null, buildable: buildOutlook({ keepsPackaged: isPackagedAddonWhole() }).folder !== null }
  }
}

function openAddon(folder: string): KernelLibrary {
  readAddon(folder)
  try {
    return createRequire(import.meta.url)(path.join(folder, addonName)) as KernelLibrary
  } catch (cause) {
    throw new EngineError(`the native engine does not load: ${messageOf(cause)}. Build it for here: ${buildCommand}`, {
      cause,
    })
  }
}

/** The system maps a truncated file and kills the process when it is used. */
function readAddon(folder: string): Uint8Array {
  const file = path.join(folder, addonName)
  return readBuiltFile({
    what: "the native engine's addon",
    file,
    record: file.replace(/\.node$/, '.stamp'),
    key: 'addonSha256',
    remedy: `build it again with: ${buildCommand}`,
  })
}
