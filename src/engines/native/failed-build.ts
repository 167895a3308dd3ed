import { z } from 'zod'
import { removeQuietly, writeFileAtomic } from '../../platform/files.js'
import { readPlainFile } from '../../platform/plain-file.js'

/** What a build depends on: with the same it would fail again. */
export interface BuildAttempt {
  /** The compiler's version line. */
  readonly compiler: string
  /** See `addonSourcesDigest`. */
  readonly sources: string
}

export interface FailedBuild extends BuildAttempt {
  /** ISO 8601. */
  readonly date: string
  /** In a line. */
  readonly reason: string
}

const schema = z.object({
  compiler: z.string().max(1000),
  sources: z.string().max(100),
  date: z.string().max(100),
  reason: z.string().max(2000),
})

/** The failure of the same attempt to build into a folder; null if there was none. */
export function readFailure(folder: string, { compiler, sources }: BuildAttempt): FailedBuild | null {
  try {
    const text = readPlainFile(fileOf(folder), { mostBytes: 1 << 16, followLinks: false }).toString('utf8')
    const failed = schema.parse(JSON.parse(text))
    return failed.compiler === compiler && failed.sources === sources ? failed : null
  } catch {
    return null
  }
}

/** Keeps a failure, so that not every start tries again. */
export function keepFailure(folder: string, failed: FailedBuild): void {
  try {
    writeFileAtomic(fileOf(folder), `${JSON.stringify(failed)}\n`)
  } catch {
    // Then the next start tries again.
  }
}

export function forgetFailure(folder: string): void {
  removeQuietly(fileOf(folder))
}

/** Beside the folder, which only a finished build creates. */
function fileOf(folder: string): string {
  return `${folder}.failed.json`
}
