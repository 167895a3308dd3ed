import { read } from 'node:fs'
import { promisify } from 'node:util'

const readDescriptor = promisify(read)

/**
 * Fills `bytes` from a position in an open file, without moving the position of others that read it.
 *
 * @returns false if the file ends before
 * @throws the system's error.
 */
export async function readAt(descriptor: number, bytes: Uint8Array, position: number): Promise<boolean> {
  for (let filled = 0; filled < bytes.length; ) {
    const { bytesRead } = await readDescriptor(descriptor, bytes, filled, bytes.length - filled, position + filled)
    if (bytesRead === 0) return false
    filled += bytesRead
  }
  return true
}
