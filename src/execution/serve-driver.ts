import { type Dataset, joinLabels, type Split } from '../datasets/dataset.js'
import type { Evaluation } from '../evaluators/evaluator.js'
import { awakeClock } from '../platform/awake-clock.js'
import { isInputError } from '../platform/errors.js'
import { messageOf } from '../platform/message-of.js'
import { ChannelRelay } from './channel/channel-relay.js'
import type { WorkerSetup } from './executor.js'
import type { ReadyExecutor } from './in-process.js'
import { createPiscinaExecutor } from './piscina-pool.js'
import type { FromProcess, ToProcess } from './process-messages.js'
import { refusalOf } from './refusal.js'
import { ownCode } from './worker-code.js'

let executor: ReadyExecutor | null = null
/** The channel of the running task. */
let relay: ChannelRelay | null = null

/**
 * Makes this process a worker of the driver that started it. Its tasks run in a thread, so that this one can
 * receive messages at any time and notice when the driver ends.
 *
 * @param program the thread's, as of `createPiscinaExecutor`
 */
export function serveDriver(program?: string): void {
  process.on('message', (message: ToProcess) => {
    answer(message, program).then(
      (reply) => reply && send(reply),
      (error: unknown) => send(isInputError(error) ? refusalOf(error) : { kind: 'failed', message: messageOf(error) }),
    )
  })
  awakeClock().onSuspended((seconds) => send({ kind: 'suspended', seconds }))
  // The driver has ended. There is nothing to save, so end without waiting for running native code.
  process.on('disconnect', () => process.kill(process.pid, 'SIGKILL'))
  // Its libraries may write to a terminal that has been closed.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {})
  // Ctrl-C, a closed terminal and a service manager's stop reach all processes of a group. The driver decides about
  // running tasks; this process ends with it.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => {})
}

async function answer(message: ToProcess, program: string | undefined): Promise<FromProcess | null> {
  switch (message.kind) {
    case 'setup':
      executor = await start(message.setup, program)
      return { kind: 'ready', code: ownCode(executor.engine) }
    case 'evaluate':
      return { kind: 'answer', answer: await evaluate(started(), message) }
    case 'test':
      return { kind: 'answer', answer: await started().test(message.task) }
    case 'news':
      relay?.receive(message)
      return null
  }
}

/** Only the driver decides when to stop a task. */
function start(setup: WorkerSetup, program: string | undefined): Promise<ReadyExecutor> {
  const shared = { ...setup, dataset: shareDataset(setup.dataset) }
  return createPiscinaExecutor(shared, { workers: 1, graceSeconds: Infinity, program })
}

function started(): ReadyExecutor {
  if (executor === null) throw new Error('the worker process has no setup')
  return executor
}

async function evaluate(
  on: ReadyExecutor,
  { task, channel }: Extract<ToProcess, { readonly kind: 'evaluate' }>,
): Promise<Evaluation> {
  if (channel === null) return on.evaluate(task)
  const carried = new ChannelRelay(on, channel, (values) => send({ kind: 'published', values }))
  relay = carried
  try {
    return await on.evaluate({ ...task, channel: carried.ref })
  } finally {
    carried.close()
    relay = null
  }
}

function send(message: FromProcess): void {
  // Without a driver there is no receiver, and `disconnect` ends this process.
  if (process.connected) process.send?.(message)
}

/** The same images in memory that the thread shares. */
function shareDataset(dataset: Dataset): Dataset {
  const { classes, train, validation, test } = dataset
  const shared = ({ count, pixels, labels }: Split): Split => ({
    count,
    pixels: shareBytes(pixels),
    labels: joinLabels(classes, [labels], 'shared'),
  })
  return { ...dataset, train: shared(train), validation: shared(validation), test: shared(test) }
}

function shareBytes(bytes: Uint8Array): Uint8Array {
  const shared = new Uint8Array(new SharedArrayBuffer(bytes.length))
  shared.set(bytes)
  return shared
}
