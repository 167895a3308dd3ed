import type { Address, WasmExports } from './exports.js'

type NumberArray = Float32Array<ArrayBufferLike> | Float64Array<ArrayBufferLike> | Int32Array<ArrayBufferLike>

interface Item {
  readonly array: NumberArray
  readonly address: Address
  readonly filled: boolean
}

/** The arrays of one call: allocates them in the module's memory, and copies them in and out. */
export class Transfer {
  readonly #exports: WasmExports
  readonly #items: Item[] = []

  constructor(exports: WasmExports) {
    this.#exports = exports
  }

  /** Copies an array in: its address and length. */
  read(array: NumberArray): [Address, number] {
    const address = this.#place(array, false)
    // Only now, since allocation may have moved the memory.
    view(array, this.#exports.memory.buffer, address).set(array)
    return [address, array.length]
  }

  /** Allocates an array that the call fills: its address and length. */
  fill(array: NumberArray): [Address, number] {
    return [this.#place(array, true), array.length]
  }

  /** Copies back the arrays that the call has filled. */
  copyBack(): void {
    for (const { array, address, filled } of this.#items) {
      if (filled) array.set(view(array, this.#exports.memory.buffer, address))
    }
  }

  /** Frees the memory. */
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
