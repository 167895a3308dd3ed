import type { Channel, ChannelMember, ChannelNumbers, ChannelRef } from './channel.js'
import { ChannelRow } from './channel-row.js'
import { driverRow, NumberTable } from './number-table.js'

/**
 * The open channels of an executor, as the driver sees them. The executor moves the numbers between this table and its
 * tasks: threads share the memory, other workers exchange messages.
 */
export class Channels {
  readonly #tables = new Map<number, NumberTable>()
  #opened = 0

  /** @param tasks how many tasks it has at most at a time */
  open(numbers: ChannelNumbers, tasks: number): Channel {
    const id = this.#opened++
    const table = NumberTable.create(numbers, tasks)
    this.#tables.set(id, table)
    const freeRows = Array.from({ length: tasks }, (_, i) => driverRow + 1 + i)
    return {
      publish: (name, value) => table.publish(driverRow, name, value),
      read: (name) => table.read(name),
      join(): ChannelMember {
        const row = freeRows.shift()
        if (row === undefined) throw new Error(`the channel is for ${tasks} tasks at a time`)
        return {
          ref: { channel: id, row },
          values: () => table.values(row),
          leave() {
            table.free(row)
            freeRows.push(row)
          },
        }
      },
      abort: () => table.abort(),
      close: () => void this.#tables.delete(id),
    }
  }

  /** A task's end of its channel; null if it has none. */
  rowOf({ channel: ref }: { readonly channel?: ChannelRef | undefined }): ChannelRow | null {
    if (ref === undefined) return null
    const table = this.#tables.get(ref.channel)
    if (table === undefined) throw new Error('the task is of a channel that is not open')
    return new ChannelRow(table, ref.row)
  }
}
