/**
 * How the numbers that the driver and the running tasks publish under one name become one: the least that was ever
 * published, or the sum of the driver's number and those of the tasks that are running.
 */
export type Combination = 'min' | 'sum'

/** The names of a channel's numbers, and how each is combined. */
export type ChannelNumbers = Readonly<Record<string, Combination>>

/** Numbers by name. A minimum of which nothing was published is left out, since JSON has no Infinity. */
export type ChannelValues = Readonly<Record<string, number>>

/** Names a running task's part of a channel. Plain data, for the executor that opened the channel. */
export interface ChannelRef {
  readonly channel: number
  readonly row: number
}

interface ChannelEnd {
  /** Sets the number that this end contributes. A minimum never rises. */
  publish(name: string, value: number): void
  /**
   * All contributions combined; of a minimum Infinity where there is none. The newest that has arrived here: where tasks
   * share no memory with the driver, what others have published since is still on its way.
   */
  read(name: string): number
}

/**
 * Numbers that a driver and its running tasks share, through whatever means the executor has. Each end sets only its own
 * contribution, so that sums and minima are exact without locks.
 *
 * @example
 * const channel = executor.openChannel({ epochs: 'sum' }, executor.workers)
 * const member = channel.join()
 * const running = executor.evaluate({ ...task, channel: member.ref, budget: { limits: { epochs: 100 } } })
 * channel.read('epochs') // what the task has spent so far
 * channel.abort() // it ends as `aborted` at its next step
 * await running
 * member.leave()
 * channel.close()
 */
export interface Channel extends ChannelEnd {
  /** Adds a task, before it is submitted. */
  join(): ChannelMember
  /** Ends all tasks of the channel: each is `aborted` at the next step after it hears of this. */
  abort(): void
  /** Frees what the channel holds. Called when all tasks have left. */
  close(): void
}

/** A task of a channel, as the driver sees it. */
export interface ChannelMember {
  readonly ref: ChannelRef
  /** What the task has published, as far as it has arrived. */
  values(): ChannelValues
  /** The task has ended: its contribution to sums is taken out, those to minima stay. */
  leave(): void
}

/** A channel as its task sees it. */
export interface TaskChannel extends ChannelEnd {
  isAborted(): boolean
}
