import { DataError } from '../../platform/errors.js'
import type { PickleValue } from './values.js'

/** The memo of a pickle: values by number. */
export class Memo {
  readonly #values = new Map<number, PickleValue>()
  /** The finished object of each unfinished one. */
  readonly #finished = new Map<PickleValue, PickleValue>()

  get size(): number {
    return this.#values.size
  }

  set(index: number, value: PickleValue): void {
    this.#values.set(index, value)
  }

  /** From now on `finished` replaces `unfinished` in the memo. */
  finish(unfinished: PickleValue, finished: PickleValue): void {
    this.#finished.set(unfinished, finished)
  }

  /** @throws DataError if there is no such value. */
  get(index: number): PickleValue {
    const value = this.#values.get(index)
    if (value === undefined) throw new DataError(`value ${index} is recalled, which is not there`)
    return this.#latest(value)
  }

  /** Follows a value through `#finished` to its final form, and shortens the path. */
  #latest(value: PickleValue): PickleValue {
    let last = value
    for (let next = this.#finished.get(last); next !== undefined; next = this.#finished.get(last)) last = next
    for (let at = value; at !== last; ) {
      const next = this.#finished.get(at) ?? last
      this.#finished.set(at, last)
      at = next
    }
    return last
  }
}
