import { createHash } from 'node:crypto'

/**
 * The SHA-256 of bytes, of a text as UTF-8, or of several one behind the other, as 64 hexadecimal digits.
 *
 * @example sha256('abc').slice(0, 8) // 'ba7816bf'
 */
export function sha256(...parts: readonly (string | Uint8Array)[]): string {
  const hash = createHash('sha256')
  for (const part of parts) hash.update(part)
  return hash.digest('hex')
}
