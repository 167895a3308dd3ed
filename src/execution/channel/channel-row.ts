import type { ChannelNumbers, ChannelValues, TaskChannel } from './channel.js'
import { NumberTable } from './number-table.js'

/** A task's row, as it is handed to another thread. */
export interface SharedRow {
  readonly numbers: ChannelNumbers
  readonly memory: SharedArrayBuffer
  readonly row: number
}

/** What is sent to a task that does not share the driver's memory. Plain data. */
export interface ChannelNews {
  /** The contributions of the driver and of all other tasks, combined. */
  readonly others: ChannelValues
  readonly isAborted: boolean
}

/** The channel of one task, in memory that it shares with the driver. */
export class ChannelRow implements TaskChannel {
  readonly #table: NumberTable
  readonly #row: number

  constructor(table: NumberTable, row: number) {
    this.#table = table
    this.#row = row
  }

  /** In another thread than the driver's. */
  static open({ numbers, memory, row }: SharedRow): ChannelRow {
    return new ChannelRow(new NumberTable(numbers, memory), row)
  }

  publish(name: string, value: number): void {
    this.#table.publish(this.#row, name, value)
  }

  read(name: string): number {
    return this.#table.read(name)
  }

  isAborted(): boolean {
    return this.#table.isAborted()
  }

  get numbers(): ChannelNumbers {
    return this.#table.numbers
  }

  /** For a worker thread. */
  share(): SharedRow {
    const { numbers, memory } = this.#table
    return { numbers, memory, row: this.#row }
  }

  /** For a worker that shares no memory. */
  news(): ChannelNews {
    return { others: this.#table.others(this.#row), isAborted: this.isAborted() }
  }

  /** Such a worker's task has published these. */
  publishAll(values: ChannelValues): void {
    for (const [name, value] of Object.entries(values)) this.publish(name, value)
  }
}
