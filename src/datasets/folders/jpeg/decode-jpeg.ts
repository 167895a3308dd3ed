import { DataError } from '../../../platform/errors.js'
import { mostJpegSteps } from '../../limits.js'
import type { DecodedImage } from '../decoded-image.js'
import { toPixels } from './colours.js'
import { type Component, type Frame, parseFrame } from './frame.js'
import { type HuffmanTable, huffmanTable } from './huffman.js'
import { type FrameStore, frameStore } from './planes.js'
import { decodeScan, type Scan, stepsOf, zigZag } from './scan.js'

/**
 * Decodes a JPEG of Huffman codes and 8 bits, baseline or progressive (ITU-T T.81): grey, colour, or Adobe's CMYK as
 * colour. Its pixels are those of the library jpeg-js 0.4.4, with a fifth of its memory: a photo of 50 megapixels stays
 * below 500 MB. EXIF rotation and colour profiles are ignored.
 *
 * @throws DataError or Error that says what is wrong.
 */
export function decodeJpeg(bytes: Uint8Array): DecodedImage {
  const decoder = new Decoder(bytes)
  return decoder.run()
}

const startOfImage = 0xd8
const endOfImage = 0xd9
const startOfScan = 0xda

class Decoder {
  readonly #bytes: Uint8Array
  readonly #quantization = new Map<number, Int32Array>()
  readonly #dc = new Map<number, HuffmanTable>()
  readonly #ac = new Map<number, HuffmanTable>()
  readonly #seen = new Set<Component>()
  #at = 2
  #frame: Frame | null = null
  #store: FrameStore | null = null
  #restartInterval = 0
  #steps = 0
  /** The colour transform of Adobe's segment; null without one. */
  #adobeTransform: number | null = null

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes
  }

  run(): DecodedImage {
    for (let marker = this.#marker(); marker !== endOfImage; marker = this.#marker()) {
      // Restart and similar markers have no content.
      if ((marker >= 0xd0 && marker <= startOfImage) || marker === 0x01) continue
      const content = this.#segment()
      if (marker === startOfScan) this.#scan(content)
      else this.#table(marker, content)
    }
    const [frame, store] = [this.#frame, this.#store]
    if (frame === null || store === null) throw new Error('it has no frame')
    if (this.#seen.size < frame.components.length) throw new Error('a colour component has no data')
    const { width, height, components } = frame
    if (components.length === 4 && this.#adobeTransform === null) throw new Error('its four colours are not known')
    const isYcck = components.length === 4 && this.#adobeTransform !== 0
    const pixels = toPixels(frame, store.planes(this.#quantization), isYcck)
    return { channels: components.length === 1 ? 1 : 3, width, height, pixels }
  }

  /** The next marker; bytes before it are skipped. */
  #marker(): number {
    const bytes = this.#bytes
    while (this.#at + 1 < bytes.length) {
      const code = bytes[this.#at + 1] as number
      if (bytes[this.#at] === 0xff && code !== 0 && code !== 0xff) {
        this.#at += 2
        return code
      }
      this.#at++
    }
    throw new Error('it is cut off')
  }

  #segment(): Uint8Array {
    const start = this.#at + 2
    const length = ((this.#bytes[this.#at] as number) << 8) | (this.#bytes[this.#at + 1] as number)
    if (start > this.#bytes.length || length < 2 || this.#at + length > this.#bytes.length)
      throw new Error('it is cut off')
    this.#at += length
    return this.#bytes.subarray(start, this.#at)
  }

  #table(marker: number, content: Uint8Array): void {
    switch (marker) {
      case 0xdb:
        this.#quantizationTables(content)
        break
      case 0xc4:
        this.#huffmanTables(content)
        break
      case 0xc0:
      case 0xc1:
      case 0xc2:
        if (this.#frame !== null) throw new Error('it has more than one frame')
        this.#frame = parseFrame(content, marker === 0xc2)
        this.#store = frameStore(this.#frame)
        break
      case 0xdd:
        this.#restartInterval = ((content[0] ?? 0) << 8) | (content[1] ?? 0)
        break
      case 0xee:
        if (Buffer.from(content.subarray(0, 5)).toString('latin1') === 'Adobe') this.#adobeTransform = content[11] ?? 0
        break
      default:
        if (marker >= 0xc3 && marker <= 0xcf) {
          throw new Error(
            'it is lossless, hierarchical or of arithmetic codes: baseline and progressive JPEGs are read',
          )
        }
    }
  }

  #quantizationTables(content: Uint8Array): void {
    for (let at = 0; at < content.length; ) {
      const spec = content[at++] as number
      const wide = spec >> 4
      const bytes = wide === 0 ? 64 : 128
      if (wide > 1 || at + bytes > content.length) throw new Error('a quantization table is damaged')
      const table = new Int32Array(64)
      for (let k = 0; k < 64; k++) {
        const from = at + k * (bytes / 64)
        table[zigZag[k] as number] =
          wide === 0 ? (content[from] as number) : ((content[from] as number) << 8) | (content[from + 1] as number)
      }
      at += bytes
      this.#quantization.set(spec & 15, table)
    }
  }

  #huffmanTables(content: Uint8Array): void {
    for (let at = 0; at < content.length; ) {
      const spec = content[at++] as number
      const counts = content.subarray(at, at + 16)
      const total = counts.reduce((sum, count) => sum + count, 0)
      at += 16
      if (total > 256 || at + total > content.length) throw new Error('a Huffman table is damaged')
      const tables = spec >> 4 === 0 ? this.#dc : this.#ac
      tables.set(spec & 15, huffmanTable(counts, content.subarray(at, at + total)))
      at += total
    }
  }

  #scan(content: Uint8Array): void {
    const [frame, store] = [this.#frame, this.#store]
    if (frame === null || store === null) throw new Error('a scan stands before the frame')
    const scan = this.#scanHeader(content, frame)
    this.#steps += stepsOf(frame, scan)
    if (this.#steps > mostJpegSteps) {
      throw new DataError(
        `its scans take ${this.#steps} steps or more, and at most ${mostJpegSteps} are made: save it as a baseline JPEG`,
      )
    }
    this.#at = decodeScan(this.#bytes, this.#at, frame, scan, store.storeFor(this.#quantization))
    if (scan.first === 0) for (const { component } of scan.components) this.#seen.add(component)
  }

  #scanHeader(content: Uint8Array, frame: Frame): Scan {
    const count = content[0] ?? 0
    if (count < 1 || count > 4 || content.length < 4 + 2 * count) throw new Error('a scan is damaged')
    const components = Array.from({ length: count }, (_, i) => {
      const component = frame.components.find(({ id }) => id === content[1 + 2 * i])
      if (component === undefined) throw new Error('a scan is of a component that is not there')
      const tables = content[2 + 2 * i] as number
      return { component, dc: this.#dc.get(tables >> 4), ac: this.#ac.get(tables & 15) }
    })
    const [first = 0, last = 0, bits = 0] = content.subarray(1 + 2 * count)
    const [before, after] = [bits >> 4, bits & 15]
    const isDamaged =
      new Set(components.map(({ component }) => component)).size < count ||
      (frame.isProgressive && (first > last || last > 63 || after > 13 || (first > 0 && count > 1)))
    if (isDamaged) throw new Error('a scan is damaged')
    const whole = frame.isProgressive ? { first, last, before, after } : { first: 0, last: 63, before: 0, after: 0 }
    return { components, ...whole, restartInterval: this.#restartInterval }
  }
}
