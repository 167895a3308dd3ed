import { createHash } from 'node:crypto'
import { EngineError } from '../../platform/errors.js'
import { readPlainFile } from '../../platform/plain-file.js'

/** Many times what an engine's compiled file has. */
const mostBytes = 2 ** 28

export interface BuiltFile {
  readonly file: string
  /** JSON beside it that the build wrote. */
  readonly record: string
  /** What the record calls the file's SHA-256. */
  readonly key: string
  /** How to get it back, for a message. */
  readonly remedy: string
}

/**
 * The bytes of a compiled file, if they are those that the build wrote. One that was cut short or changed may load, and end
 * the process at its first call.
 *
 * @throws EngineError for any others, and where the build left no record.
 */
export function readBuiltFile({ file, record, key, remedy }: BuiltFile): Uint8Array {
  const bytes = read(file, remedy)
  const recorded = recordedHash(read(record, remedy), key)
  if (recorded === createHash('sha256').update(bytes).digest('hex')) return bytes
  throw new EngineError(`${file} is not the file that was built, by ${record}: it was cut short or changed. ${remedy}`)
}

function read(file: string, remedy: string): Buffer {
  try {
    return readPlainFile(file, { mostBytes })
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause)
    throw new EngineError(`${file} cannot be read: ${reason}. ${remedy}`, { cause })
  }
}

/** null where the record is none, as of a build before there were any. */
function recordedHash(record: Buffer, key: string): unknown {
  try {
    return (JSON.parse(record.toString('utf8')) as Record<string, unknown> | null)?.[key] ?? null
  } catch {
    return null
  }
}
