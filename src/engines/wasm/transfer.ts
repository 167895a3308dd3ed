import type { Address, WasmExports } from './exports.js'

type NumberArray = Float32Array<ArrayBufferLike> | Float64Array<ArrayBufferLike> | Int32Array<ArrayBufferLike>

interface Item {
  readonly array: NumberArray
  readonly address: Address
  readonly filled: boolean
}

/** The arrays of one call: room for them in the module's memory, and their way there and back. */
export class Transfer {
  readonly #exports: WasmExports
  readonly #items: Item[] = []

  constructor(exports: WasmExports) {
    this.#exports = exports
  }

  /** Copies an array in: its address and length. */
  read(array: NumberArray): [Address, number] {
    const address = this.#place(array, false)
    // Only now: taking room may have moved the memory.
    view(array, this.#exports.memory.buffer, address).set(array)
    return [address, array.length]
  }

  /** Makes room for an array that the call fills: its address and length. */
  fill(array: NumberArray): [Address, number] {
    return [this.#place(array, true), array.length]
  }

  /** Copies back what the call has filled. */
  copyBack(): void {
    for (const { array, address, filled } of this.#items) {
      if (filled) array.set(view(array, this.#exports.memory.buffer, address))
    }
  }

  /** Gives the room back. */
  release(): void {
    for (const { address } of this.#items) this.#exports.release(address)
    this.#items.length = 0
  }

  #place(array: NumberArray, filled: boolean): Address {
    const address = this.#exports.allocate(Math.max(array.byteLength, 1)) >>> 0
    this.#items.push({ array, address, filled })
    return address
  }
}

function view(array: NumberArray, memory: ArrayBuffer, address: Address): NumberArray {
  if (array instanceof Float32Array) return new Float32Array(memory, address, array.length)
  if (array instanceof Float64Array) return new Float64Array(memory, address, array.length)
  return new Int32Array(memory, address, array.length)
}
