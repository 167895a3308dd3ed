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

/** The failure of the same attempt to build into a folder; null if there was none. */
export function readFailure(folder: string, { compiler, sources }: BuildAttempt): FailedBuild | null {
  try {
    const text = readPlainFile(fileOf(folder), { mostBytes: 1 << 16, followLinks: false }).toString('utf8')
    const failed = JSON.parse(text) as Partial<Readonly<Record<keyof FailedBuild, unknown>>>
    const { date, reason } = failed
    const isSame = failed.compiler === compiler && failed.sources === sources
    return isSame && typeof date === 'string' && typeof reason === 'string' ? { compiler, sources, date, reason } : null
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
