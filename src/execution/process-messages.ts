import type { ChannelValues } from './channel/channel.js'
import type { SentChannel } from './channel/channel-relay.js'
import type { ChannelNews } from './channel/channel-row.js'
import type { WorkerSetup } from './executor.js'
import type { Refusal } from './refusal.js'
import type { WorkerCode } from './worker-code.js'
import type { TaskAnswers, TaskMessage } from './worker-messages.js'

/** Messages to a worker process. The first is the setup; then one task at a time. */
export type ToProcess =
  | { readonly kind: 'setup'; readonly setup: WorkerSetup }
  | TaskMessage<SentChannel>
  /** What the driver and other tasks have published in the channel of the running task. */
  | ({ readonly kind: 'news' } & ChannelNews)

/**
 * Messages from a worker process: `ready` for the setup, `answer` for a task, `failed`, or `refusal` if the input is
 * wrong.
 */
export type FromProcess =
  | { readonly kind: 'ready'; readonly code: WorkerCode }
  | { readonly kind: 'answer'; readonly answer: TaskAnswers[keyof TaskAnswers] }
  | { readonly kind: 'failed'; readonly message: string }
  | Refusal
  /** What the running task has published in its channel. It is answered with `news`. */
  | { readonly kind: 'published'; readonly values: ChannelValues }
  /** The process was suspended for this many seconds, by a signal or with the machine. */
  | { readonly kind: 'suspended'; readonly seconds: number }
