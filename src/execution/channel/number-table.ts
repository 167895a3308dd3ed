import type { ChannelNumbers, ChannelValues, Combination } from './channel.js'

/** The row to which the driver contributes; tasks have those after it. */
export const driverRow = 0

interface Column {
  readonly index: number
  readonly combination: Combination
}

/** What nothing published is. */
const empty = { min: Infinity, sum: 0 } as const

/**
 * The numbers of a channel in memory that threads can share: a flag that aborts all tasks, then a row of float64 for the
 * driver and one for each task. Every row has one writer, so that minima and sums are exact without locks; they may be a
 * step old.
 */
export class NumberTable {
  readonly numbers: ChannelNumbers
  readonly memory: SharedArrayBuffer
  readonly #columns: ReadonlyMap<string, Column>
  readonly #rows: number
  // Atomics work on integers only; a float64 travels as the 64-bit integer with the same bits.
  readonly #bits: BigInt64Array
  readonly #number = new Float64Array(1)
  readonly #pattern = new BigInt64Array(this.#number.buffer)

  /** @param memory that of a table made by `create` with the same numbers */
  constructor(numbers: ChannelNumbers, memory: SharedArrayBuffer) {
    const names = Object.entries(numbers)
    this.numbers = numbers
    this.memory = memory
    this.#columns = new Map(names.map(([name, combination], index) => [name, { index, combination }]))
    this.#bits = new BigInt64Array(memory)
    this.#rows = names.length === 0 ? 0 : (this.#bits.length - 1) / names.length
  }

  /** For at most `tasks` tasks at a time. */
  static create(numbers: ChannelNumbers, tasks: number): NumberTable {
    const cells = 1 + (1 + tasks) * Object.keys(numbers).length
    const table = new NumberTable(numbers, new SharedArrayBuffer(cells * Float64Array.BYTES_PER_ELEMENT))
    for (let row = driverRow; row <= tasks; row++) table.#clear(row)
    return table
  }

  publish(row: number, name: string, value: number): void {
    const column = this.#column(name)
    if (column.combination === 'min' && !(value < this.#read(row, column))) return
    this.#write(row, column, value)
  }

  /** All rows combined. */
  read(name: string): number {
    return this.#combine(this.#column(name), -1)
  }

  /** What a row contributes. */
  values(row: number): ChannelValues {
    return this.#values((column) => this.#read(row, column))
  }

  /** What all others than a row contribute, combined. */
  others(row: number): ChannelValues {
    return this.#values((column) => this.#combine(column, row))
  }

  /** The task of a row has ended, and another may have the row. */
  free(row: number): void {
    for (const [name, column] of this.#columns) {
      if (column.combination === 'min') this.publish(driverRow, name, this.#read(row, column))
    }
    this.#clear(row)
  }

  abort(): void {
    Atomics.store(this.#bits, 0, 1n)
  }

  isAborted(): boolean {
    return Atomics.load(this.#bits, 0) !== 0n
  }

  #clear(row: number): void {
    for (const column of this.#columns.values()) this.#write(row, column, empty[column.combination])
  }

  #values(readColumn: (column: Column) => number): ChannelValues {
    const values: Record<string, number> = {}
    for (const [name, column] of this.#columns) {
      const value = readColumn(column)
      if (value !== empty.min) values[name] = value
    }
    return values
  }

  #combine(column: Column, leftOut: number): number {
    let combined: number = empty[column.combination]
    for (let row = driverRow; row < this.#rows; row++) {
      if (row === leftOut) continue
      const value = this.#read(row, column)
      if (column.combination === 'sum') combined += value
      else if (value < combined) combined = value
    }
    return combined
  }

  #column(name: string): Column {
    const column = this.#columns.get(name)
    if (column === undefined) throw new Error(`the channel has no number "${name}"`)
    return column
  }

  #read(row: number, { index }: Column): number {
    this.#pattern[0] = Atomics.load(this.#bits, 1 + row * this.#columns.size + index)
    return this.#number[0] as number
  }

  #write(row: number, { index }: Column, value: number): void {
    this.#number[0] = value
    Atomics.store(this.#bits, 1 + row * this.#columns.size + index, this.#pattern[0] as bigint)
  }
}
