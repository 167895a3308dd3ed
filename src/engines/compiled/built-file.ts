import { createHash } from 'node:crypto'
import { EngineError } from '../../platform/errors.js'
import { readPlainFile } from '../../platform/plain-file.js'

/** Many times what an engine's compiled file has. */
const mostBytes = 2 ** 28

export interface BuiltFile {
  /** What it is, for a message. */
  readonly what: string
  readonly file: string
  /** JSON beside it that the build wrote. */
  readonly record: string
  /** What the record calls the file's SHA-256. */
  readonly key: string
  /** How to get it back, for the end of a message. */
  readonly remedy: string
}

/**
 * The bytes of a compiled file, if they are those that the build wrote. One that was cut short or changed may load, and end
 * the process at its first call.
 *
 * @throws EngineError for any others, and where the build left no record.
 */
export function readBuiltFile({ what, file, record, key, remedy }: BuiltFile): Uint8Array {
  const bytes = read(what, file, remedy)
  const recorded = recordedHash(read(`the record of ${what}`, record, remedy), key)
  if (recorded === createHash('sha256').update(bytes).digest('hex')) return bytes
  throw new EngineError(`${what} ${file} was truncated or changed after it was built: ${remedy}`)
}

function read(what: string, file: string, remedy: string): Buffer {
  try {
    return readPlainFile(file, { mostBytes })
  } catch (cause) {
    const reason = (cause as NodeJS.ErrnoException).code ?? 'not a plain file'
    throw new EngineError(`${what} ${file} cannot be read (${reason}): ${remedy}`, { cause })
  }
}

/** Null if the record is not valid, such as one of an older build. */
function recordedHash(record: Buffer, key: string): unknown {
  try {
    return (JSON.parse(record.toString('utf8')) as Record<string, unknown> | null)?.[key] ?? null
  } catch {
    return null
  }
}
