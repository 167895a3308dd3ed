import type { Component, Frame } from './frame.js'
import { BitReader, type HuffmanTable } from './huffman.js'

/** Index of coefficient `k` of a scan among the 64 of a block, in rows; further entries catch damaged data. */
export const zigZag = Uint8Array.of(
  ...[0, 1, 8, 16, 9, 2, 3, 10, 17, 24, 32, 25, 18, 11, 4, 5, 12, 19, 26, 33, 40, 48, 41, 34, 27, 20, 13, 6, 7, 14, 21],
  ...[28, 35, 42, 49, 56, 57, 50, 43, 36, 29, 22, 15, 23, 30, 37, 44, 51, 58, 59, 52, 45, 38, 31, 39, 46, 53, 60, 61],
  ...[54, 47, 55, 62, 63],
)

/** A component in a scan, with the codes that it uses. */
export interface ScanComponent {
  readonly component: Component
  readonly dc: HuffmanTable | undefined
  readonly ac: HuffmanTable | undefined
}

/** The header of a scan. */
export interface Scan {
  readonly components: readonly ScanComponent[]
  /** The coefficients that it holds, in zigzag order. */
  readonly first: number
  readonly last: number
  /** How many bits lower than the last scan of these coefficients; 0 for their first scan. */
  readonly before: number
  /** Bits that later scans add. */
  readonly after: number
  /** Units between restart markers; 0: there are none. */
  readonly restartInterval: number
}

/**
 * Where coefficients are kept: `begin` gives where those of a block stand in `coefficients`, `end` is told that a scan is
 * through with it.
 */
export interface BlockStore {
  readonly coefficients: Int16Array | Int32Array
  begin(component: Component, row: number, column: number): number
  end(component: Component, row: number, column: number): void
}

/**
 * Decodes the blocks of a scan.
 *
 * @returns where in `bytes` its data end.
 * @throws Error if they are damaged or end too early.
 */
export function decodeScan(bytes: Uint8Array, start: number, frame: Frame, scan: Scan, store: BlockStore): number {
  const bits = new BitReader(bytes, start)
  const decoders = scan.components.map((part) => blockDecoder(bits, frame, scan, part, store.coefficients))
  const visit = (i: number, row: number, column: number): void => {
    const { component } = scan.components[i] as ScanComponent
    decoders[i]?.decode(store.begin(component, row, column))
    store.end(component, row, column)
  }
  const [only] = scan.components
  const single = scan.components.length === 1 ? only?.component : undefined
  const columns = single?.columns ?? frame.unitColumns
  const units = columns * (single?.rows ?? frame.unitRows)
  for (let unit = 0; unit < units; unit++) {
    if (unit > 0 && scan.restartInterval > 0 && unit % scan.restartInterval === 0) {
      bits.restart()
      for (const { restart } of decoders) restart()
    }
    const [row, column] = [Math.floor(unit / columns), unit % columns]
    if (single !== undefined) {
      visit(0, row, column)
      continue
    }
    for (let i = 0; i < decoders.length; i++) {
      const { h, v } = (scan.components[i] as ScanComponent).component
      for (let y = 0; y < v; y++) for (let x = 0; x < h; x++) visit(i, row * v + y, column * h + x)
    }
  }
  return bits.at
}

/** The cost of a scan: blocks times steps per block. */
export function stepsOf({ isProgressive, unitColumns, unitRows }: Frame, scan: Scan): number {
  const { components, first, last, before } = scan
  const [only] = components
  const blocks =
    only !== undefined && components.length === 1
      ? only.component.columns * only.component.rows
      : components.reduce((sum, { component: { h, v } }) => sum + unitColumns * unitRows * h * v, 0)
  return blocks * (isProgressive && first > 0 && before > 0 ? last - first + 1 : 8)
}

interface BlockDecoder {
  decode(at: number): void
  restart(): void
}

function blockDecoder(
  bits: BitReader,
  { isProgressive }: Frame,
  { first, last, before, after }: Scan,
  { dc, ac }: ScanComponent,
  to: Int16Array | Int32Array,
): BlockDecoder {
  let predicted = 0
  // Number of following blocks without new coefficients.
  let endRun = 0
  const restart = (): void => {
    predicted = 0
    endRun = 0
  }
  const readDc = (): number => {
    const length = bits.symbol(present(dc))
    if (length > 15) throw damaged()
    predicted += bits.receiveSigned(length)
    return predicted
  }
  if (!isProgressive) return { restart, decode: baseline }
  if (first === 0) return { restart, decode: before === 0 ? dcFirst : dcRefine }
  return { restart, decode: before === 0 ? acFirst : acRefine }

  function baseline(at: number): void {
    to[at] = readDc()
    const table = present(ac)
    for (let k = 1; k < 64; k++) {
      const symbol = bits.symbol(table)
      const length = symbol & 15
      if (length === 0) {
        if (symbol < 0xf0) return
        k += 15
        continue
      }
      k += symbol >> 4
      if (k > 63) throw damaged()
      to[at + (zigZag[k] as number)] = bits.receiveSigned(length)
    }
  }

  function dcFirst(at: number): void {
    to[at] = readDc() << after
  }

  function dcRefine(at: number): void {
    to[at] = (to[at] as number) | (bits.bit() << after)
  }

  function acFirst(at: number): void {
    if (endRun > 0) {
      endRun--
      return
    }
    const table = present(ac)
    for (let k = first; k <= last; k++) {
      const symbol = bits.symbol(table)
      const [run, length] = [symbol >> 4, symbol & 15]
      if (length === 0) {
        if (run < 15) {
          endRun = bits.receive(run) + (1 << run) - 1
          return
        }
        k += 15
        continue
      }
      k += run
      if (k > 63) throw damaged()
      to[at + (zigZag[k] as number)] = bits.receiveSigned(length) * (1 << after)
    }
  }

  /** One more bit for a coefficient that has some. */
  function refine(place: number): void {
    const value = to[place] as number
    if (bits.bit() === 1) to[place] = value + (value < 0 ? -1 : 1) * (1 << after)
  }

  function acRefine(at: number): void {
    let k = first
    if (endRun === 0) {
      const table = present(ac)
      for (; k <= last; k++) {
        const symbol = bits.symbol(table)
        const length = symbol & 15
        let run = symbol >> 4
        let value = 0
        if (length === 0) {
          if (run < 15) {
            endRun = bits.receive(run) + (1 << run)
            break
          }
        } else {
          if (length !== 1) throw damaged()
          value = bits.bit() === 1 ? 1 << after : -1 << after
        }
        // Skips `run` coefficients that are still 0, and refines the others by one bit.
        for (; k <= last; k++) {
          const place = at + (zigZag[k] as number)
          if (to[place] !== 0) refine(place)
          else if (run-- === 0) {
            to[place] = value
            break
          }
        }
      }
    }
    if (endRun === 0) return
    for (; k <= last; k++) {
      const place = at + (zigZag[k] as number)
      if (to[place] !== 0) refine(place)
    }
    endRun--
  }
}

function present(table: HuffmanTable | undefined): HuffmanTable {
  if (table === undefined) throw new Error('a Huffman table is missing')
  return table
}

const damaged = (): Error => new Error('its data are damaged')
