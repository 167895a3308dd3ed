import { mkdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { encode } from 'fast-png'
import sharp from 'sharp'

/** A PNG of interleaved bytes, `[height, width, channels]`. */
export function pngFile(width: number, height: number, channels: number, at: (i: number) => number): Uint8Array {
  const data = Uint8Array.from({ length: width * height * channels }, (_, i) => at(i))
  return encode({ width, height, channels, data })
}

/** A colour JPEG of one brightness. */
export function jpegFile(width: number, height: number, value: number): Promise<Uint8Array> {
  const background = { r: value, g: value, b: value }
  return sharp({ create: { width, height, channels: 3, background } })
    .jpeg({ quality: 95 })
    .toBuffer()
}

/** Writes files, `{ 'cats/1.png': bytes }`, with the folders that they need. */
export function writeFiles(root: string, files: Readonly<Record<string, Uint8Array | string>>): string {
  for (const [name, content] of Object.entries(files)) {
    const file = path.join(root, name)
    mkdirSync(path.dirname(file), { recursive: true })
    writeFileSync(file, content)
  }
  return root
}

/** PNGs of `classes` folders with `perClass` images each; the first two pixels number an image, the rest is of its class. */
export function classFolders(classes: readonly string[], perClass: number, size = 8, offset = 0) {
  return Object.fromEntries(
    classes.flatMap((name, label) =>
      Array.from({ length: perClass }, (_, i) => [
        `${name}/${String(i).padStart(3, '0')}.png`,
        pngFile(size, size, 1, (at) => (at === 0 ? i + offset : at === 1 ? label : ((at * (label + 1)) % 8) * 30)),
      ]),
    ),
  )
}
