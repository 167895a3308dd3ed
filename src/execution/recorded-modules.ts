import { ConfigError } from '../platform/errors.js'
import { moduleFile, requireHere } from '../platform/parts/module-file.js'

/**
 * Loads the modules that a worker needs and checks that they are those with which the run started: a worker that replaces a
 * lost one loads the files as they are by then.
 *
 * @param modules SHA-256 of each module, by its name in the configuration
 * @throws ConfigError that names the file and both hashes if one has changed.
 */
export function loadRecordedModules(modules: Readonly<Record<string, string>>): void {
  for (const [module, recorded] of Object.entries(modules)) {
    // Before it is hashed: what is loaded stays the same if the file is edited later.
    preload(module)
    const file = moduleFile(module)
    if (file?.sha256 === recorded) continue
    throw new ConfigError(
      `The module ${module} (${file?.path ?? 'not found'}) has changed since this run started (sha256 then: ` +
        `${short(recorded)}, now: ${short(file?.sha256)}): a new worker would run different code from the others. Restore the file, then ` +
        'resume the run.',
    )
  }
}

function preload(module: string): void {
  try {
    requireHere()(module)
  } catch {
    // Making the part reports the problem if the file is the recorded one.
  }
}

function short(sha256: string | undefined): string {
  return sha256?.slice(0, 12) ?? 'none'
}
