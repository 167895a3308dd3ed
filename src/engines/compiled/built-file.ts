import { EngineError } from '../../platform/errors.js'
import { readPlainFile } from '../../platform/plain-file.js'
import { sha256 } from '../../platform/sha256.js'

/** Maximum size, many times that of a compiled engine. */
const mostBytes = 2 ** 28

export interface BuiltFile {
  /** Its description, for messages. */
  readonly what: string
  readonly file: string
  /** The JSON record of the build, in the same folder. */
  readonly record: string
  /** The key of the file's SHA-256 in the record. */
  readonly key: string
  /** How to restore it, appended to messages. */
  readonly remedy: string
}

/**
 * The bytes of a compiled file, if they are unchanged since the build. A truncated or changed file may load and then
 * crash the process at its first call.
 *
 * @throws EngineError if it has changed or there is no record of the build.
 */
export function readBuiltFile({ what, file, record, key, remedy }: BuiltFile): Uint8Array {
  const bytes = read(what, file, remedy)
  const recorded = recordedHash(read(`the record of ${what}`, record, remedy), key)
  if (recorded === sha256(bytes)) return bytes
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
