import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { EngineError } from '../../platform/errors.js'
import { packageRoot } from '../../platform/files.js'
import { messageOf } from '../../platform/message-of.js'
import { readBuiltFile } from '../compiled/built-file.js'
import type { KernelLibrary } from '../compiled/kernel-library.js'

/** Path of the built addon, for this module in src/ or dist/. */
export function nativeAddonPath(): string {
  return join(packageRoot(), 'build', 'native', 'fear_nas.node')
}

/** @throws EngineError if the addon has not been built, has changed since, or does not load. */
export function loadAddon(): KernelLibrary {
  const path = nativeAddonPath()
  if (!existsSync(path)) {
    throw new EngineError(
      `the native engine has not been built (${path} is missing). Install a C++ compiler and run "make build"`,
    )
  }
  // The system maps a truncated file and kills the process when it is used.
  readBuiltFile({
    what: "the native engine's addon",
    file: path,
    record: path.replace(/\.node$/, '.stamp'),
    key: 'addonSha256',
    remedy: 'build it anew with "make build"',
  })
  try {
    return createRequire(import.meta.url)(path) as KernelLibrary
  } catch (cause) {
    throw new EngineError(`the native engine does not load: ${messageOf(cause)}. Build it anew with "make build"`, {
      cause,
    })
  }
}
