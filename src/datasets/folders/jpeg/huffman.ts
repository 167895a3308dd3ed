/** A code of 1 to 16 bits for each of up to 256 symbols, as a JPEG defines it. */
export interface HuffmanTable {
  /** For every 9 bits that come next: bits of the code times 256, plus its symbol; 0 where the code is longer. */
  readonly short: Uint16Array
  /** For codes of n bits, the least number of n bits that is above them all; and what to add to get the symbol's place. */
  readonly ends: Int32Array
  readonly offsets: Int32Array
  readonly symbols: Uint8Array
}

const shortBits = 9

/** @throws Error for more codes than bits can tell apart. */
export function huffmanTable(counts: Uint8Array, symbols: Uint8Array): HuffmanTable {
  const short = new Uint16Array(1 << shortBits)
  const ends = new Int32Array(18)
  const offsets = new Int32Array(18)
  let code = 0
  let place = 0
  for (let bits = 1; bits <= 16; bits++) {
    offsets[bits] = place - code
    for (let i = 0; i < (counts[bits - 1] as number); i++, code++, place++) {
      if (bits > shortBits) continue
      const entry = (bits << 8) | (symbols[place] as number)
      short.fill(entry, code << (shortBits - bits), (code + 1) << (shortBits - bits))
    }
    if (code > 1 << bits) throw new Error('a Huffman table has more codes than there can be')
    ends[bits] = code
    code <<= 1
  }
  return { short, ends, offsets, symbols }
}

/** Reads the bits of a scan, up to the marker that ends it. */
export class BitReader {
  /** Position of the next byte. */
  at: number
  readonly #bytes: Uint8Array
  #bits = 0
  #count = 0
  /** How many of the `#count` bits are padding after the end of the data. */
  #beyond = 0

  constructor(bytes: Uint8Array, at: number) {
    this.#bytes = bytes
    this.at = at
  }

  bit(): number {
    return this.receive(1)
  }

  /** An unsigned number of up to 16 bits. */
  receive(length: number): number {
    if (length === 0) return 0
    if (this.#count < length) this.#fill()
    this.#count -= length
    if (this.#count < this.#beyond) throw endsEarly()
    return (this.#bits >>> this.#count) & ((1 << length) - 1)
  }

  /** A number of up to 15 bits; the first bit is its sign. */
  receiveSigned(length: number): number {
    const value = this.receive(length)
    return length === 0 || value >= 1 << (length - 1) ? value : value - (1 << length) + 1
  }

  symbol({ short, ends, offsets, symbols }: HuffmanTable): number {
    if (this.#count < 16) this.#fill()
    const entry = short[(this.#bits >>> (this.#count - shortBits)) & ((1 << shortBits) - 1)] as number
    if (entry !== 0) {
      this.#count -= entry >> 8
      if (this.#count < this.#beyond) throw endsEarly()
      return entry & 0xff
    }
    for (let length = shortBits + 1; length <= 16; length++) {
      const code = (this.#bits >>> (this.#count - length)) & ((1 << length) - 1)
      if (code >= (ends[length] as number)) continue
      this.#count -= length
      if (this.#count < this.#beyond) throw endsEarly()
      return symbols[code + (offsets[length] as number)] as number
    }
    throw new Error('its data hold a code that is in no table')
  }

  /** Discards the rest of a byte, and skips the restart marker that must follow. */
  restart(): void {
    this.#count = 0
    this.#beyond = 0
    while (this.#bytes[this.at] === 0xff && this.#bytes[this.at + 1] === 0xff) this.at++
    const marker = this.#bytes[this.at + 1] as number
    if (this.#bytes[this.at] !== 0xff || marker < 0xd0 || marker > 0xd7) throw new Error('a restart marker is missing')
    this.at += 2
  }

  /** Fills up to 25 bits or more. After the end of the data, pads with zeros, which must not be used. */
  #fill(): void {
    while (this.#count <= 24) {
      let byte = this.#bytes[this.at]
      if (byte === undefined || (byte === 0xff && this.#bytes[this.at + 1] !== 0)) {
        byte = 0
        this.#beyond += 8
      } else {
        this.at += byte === 0xff ? 2 : 1
      }
      this.#bits = (this.#bits << 8) | byte
      this.#count += 8
    }
  }
}

const endsEarly = (): Error => new Error('its data end too early')
