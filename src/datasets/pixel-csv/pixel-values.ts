import { DataError } from '../../platform/errors.js'
import { mostDatasetBytes } from '../limits.js'
import { NumpyArray } from '../numpy/numpy-array.js'

/**
 * A growing list of numbers: bytes as long as all are whole numbers in 0..255, then float32. Memory is taken by the share
 * of the file that is read, so that the list is copied once or twice, and hardly larger than needed.
 */
export class PixelValues {
  /** The bytes; empty if there are floats. */
  #bytes = new Uint8Array(0)
  #floats: Float32Array | null = null
  #length = 0

  get length(): number {
    return this.#length
  }

  /**
   * Makes room for further numbers.
   *
   * @param fraction how much of the file is read, 0..1
   * @throws DataError if they take more than 4 GiB; the message does not name the file.
   */
  reserve(further: number, fraction: number): void {
    const needed = this.#length + further
    const room = this.#floats ?? this.#bytes
    if (needed <= room.length) return
    const width = room.BYTES_PER_ELEMENT
    if (needed * width > mostDatasetBytes) {
      throw new DataError(`its numbers take more than ${mostDatasetBytes} bytes, the most that are read`)
    }
    const expected = Math.ceil((needed / Math.max(fraction, 0.01)) * 1.05)
    const capacity = Math.floor(
      Math.min(mostDatasetBytes / width, Math.max(expected, 1.25 * room.length, needed + 4096)),
    )
    if (this.#floats === null) {
      const old = this.#bytes
      this.#bytes = new Uint8Array(capacity)
      this.#bytes.set(old)
    } else {
      const old = this.#floats
      this.#floats = new Float32Array(capacity)
      this.#floats.set(old)
    }
  }

  /** Adds a number, for which there must be room. */
  push(value: number): void {
    if (this.#floats === null) {
      this.#bytes[this.#length] = value
      if (this.#bytes[this.#length] === value) {
        this.#length++
        return
      }
      this.#floats = new Float32Array(this.#bytes.length)
      this.#floats.set(this.#bytes.subarray(0, this.#length))
      this.#bytes = new Uint8Array(0)
    }
    this.#floats[this.#length++] = value
  }

  /** Number `i`. */
  at(i: number): number {
    return (this.#floats ?? this.#bytes)[i] as number
  }

  /** Takes one column, first or last, out of rows of `columns` numbers. */
  dropColumn(columns: number, column: 'first' | 'last'): void {
    const values = this.#floats ?? this.#bytes
    const rows = this.#length / columns
    const start = column === 'first' ? 1 : 0
    for (let row = 0; row < rows; row++) {
      const from = row * columns + start
      values.copyWithin(row * (columns - 1), from, from + columns - 1)
    }
    this.#length -= rows
  }

  /**
   * As an array of rows. Whole numbers of which none is above 1 are black and white, as booleans are: a table has no types
   * that would tell.
   */
  toArray(columns: number): NumpyArray {
    const shape = [this.#length / columns, columns]
    if (this.#floats === null) {
      const bytes = this.#bytes.subarray(0, this.#length)
      return new NumpyArray(bytes.every((value) => value <= 1) ? 'b1' : 'u1', shape, false, bytes)
    }
    const { buffer } = this.#floats
    return new NumpyArray('f4', shape, false, new Uint8Array(buffer, 0, 4 * this.#length))
  }
}
