import { mkdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { gzipSync } from 'node:zlib'

/** Bytes in MNIST's format IDX. */
export function idxFile(bytes: Uint8Array, ...shape: readonly number[]): Buffer {
  const header = Buffer.alloc(4 + 4 * shape.length)
  header[2] = 8
  header[3] = shape.length
  for (const [axis, length] of shape.entries()) header.writeUInt32BE(length, 4 + 4 * axis)
  return Buffer.concat([header, bytes])
}

/** The four files of MNIST with made-up images of 8x8, packed or not, whose brightness is that of their class. */
export function writeMnist(folder: string, packed = true, train = 200, test = 100): string {
  mkdirSync(folder, { recursive: true })
  const put = (name: string, content: Buffer): void =>
    writeFileSync(path.join(folder, packed ? `${name}.gz` : name), packed ? gzipSync(content) : content)
  for (const [split, count] of [
    ['train', train],
    ['t10k', test],
  ] as const) {
    const labels = Uint8Array.from({ length: count }, (_, i) => i % 10)
    const offset = split === 'train' ? 0 : 128
    const pixels = Uint8Array.from({ length: count * 64 }, (_, i) => {
      const image = Math.floor(i / 64)
      return i % 64 === 0 ? image : offset + 10 * (image % 10) + (i % 5)
    })
    put(`${split}-images-idx3-ubyte`, idxFile(pixels, count, 8, 8))
    put(`${split}-labels-idx1-ubyte`, idxFile(labels, count))
  }
  return folder
}
