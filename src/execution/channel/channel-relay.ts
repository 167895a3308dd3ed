import type { Channel, ChannelMember, ChannelNumbers, ChannelRef, ChannelValues } from './channel.js'
import type { ChannelNews } from './channel-row.js'

/** How often a worker reports to the driver. An abort reaches its task that much later than in a thread. */
const intervalSeconds = 0.1

/** A channel as it is sent to a worker that shares no memory with the driver. Plain data. */
export interface SentChannel extends ChannelNews {
  readonly numbers: ChannelNumbers
}

/**
 * Connects a task that an executor of this process runs with a channel whose driver is in another process. Reports at
 * intervals what the task has published; the driver answers with what all others have.
 */
export class ChannelRelay {
  readonly #channel: Channel
  readonly #member: ChannelMember
  readonly #tell: (values: ChannelValues) => void
  readonly #timer: NodeJS.Timeout

  /** @param tell sends what the task has published to the driver, whose answer goes to `receive` */
  constructor(
    executor: { openChannel(numbers: ChannelNumbers, tasks: number): Channel },
    { numbers, ...news }: SentChannel,
    tell: (values: ChannelValues) => void,
  ) {
    this.#channel = executor.openChannel(numbers, 1)
    this.#member = this.#channel.join()
    this.#tell = tell
    this.receive(news)
    this.#timer = setInterval(() => tell(this.#member.values()), 1000 * intervalSeconds)
  }

  /** For the task. */
  get ref(): ChannelRef {
    return this.#member.ref
  }

  /** The driver's answer. */
  receive({ others, isAborted }: ChannelNews): void {
    for (const [name, value] of Object.entries(others)) this.#channel.publish(name, value)
    if (isAborted) this.#channel.abort()
  }

  /** The task has ended. Reports what it published last. */
  close(): void {
    clearInterval(this.#timer)
    this.#tell(this.#member.values())
    this.#member.leave()
    this.#channel.close()
  }
}
