import { workerData } from 'node:worker_threads'
import { move, transferableSymbol, valueSymbol } from 'piscina'
import type { Evaluation } from '../evaluators/evaluator.js'
import { awakeClockOf } from '../platform/awake-clock.js'
import { ChannelRow, type SharedRow } from './channel/channel-row.js'
import type { WorkerSetup } from './executor.js'
import { loadRecordedModules } from './recorded-modules.js'
import { refusalOf } from './refusal.js'
import { ownCode, type WorkerCode } from './worker-code.js'
import type { TaskAnswers, TaskMessage } from './worker-messages.js'
import { createWorkerRuntime, type EngineDescription, type WorkerRuntime } from './worker-runtime.js'

/** What the pool posts to a thread. */
export type ThreadMessage =
  | { readonly kind: 'ready'; readonly barrier: SharedArrayBuffer; readonly workers: number }
  | TaskMessage<SharedRow>

/** What a thread answers to each kind of message. */
export interface ThreadAnswers extends TaskAnswers {
  readonly ready: EngineDescription
}

/** How it comes: with what the thread runs, since Piscina may have started it in place of another. */
export interface ThreadReply<Answer = ThreadAnswers[keyof ThreadAnswers]> {
  readonly code: WorkerCode
  readonly answer: Answer
}

/** The data of a thread at its start. */
export interface ThreadSetup {
  readonly setup: WorkerSetup
  /** The memory of the process's clock. */
  readonly awakeMemory: SharedArrayBuffer
}

const { setup, awakeMemory } = workerData as ThreadSetup
const runtime = startRuntime()
// The first message is answered with the error. Until then it must not count as an unhandled rejection.
runtime.catch(() => {})

async function startRuntime(): Promise<WorkerRuntime> {
  loadRecordedModules(setup.modules ?? {})
  return createWorkerRuntime(setup, awakeClockOf(awakeMemory))
}

export default async function answer(message: ThreadMessage): Promise<unknown> {
  try {
    return await answerTo(message)
  } catch (error) {
    return refusalOf(error)
  }
}

async function answerTo(message: ThreadMessage): Promise<unknown> {
  const { engine, evaluate, test } = await runtime
  const code = ownCode(engine)
  switch (message.kind) {
    case 'ready':
      waitForAll(message.barrier, message.workers)
      return { code, answer: engine }
    case 'evaluate': {
      const channel = message.channel && ChannelRow.open(message.channel)
      return withoutCopyingWeights(evaluate(message.task, channel), code)
    }
    case 'test':
      return { code, answer: test(message.task) }
  }
}

/** Blocks this thread until `workers` threads are ready, so that none answers for one that still loads. */
function waitForAll(barrier: SharedArrayBuffer, workers: number): void {
  const arrived = new Int32Array(barrier)
  Atomics.add(arrived, 0, 1)
  Atomics.notify(arrived, 0)
  for (let seen = Atomics.load(arrived, 0); seen < workers; seen = Atomics.load(arrived, 0)) {
    Atomics.wait(arrived, 0, seen)
  }
}

/** Weights are transferred instead of copied; no one else uses them. */
function withoutCopyingWeights(evaluation: Evaluation, code: WorkerCode): unknown {
  const reply: ThreadReply<Evaluation> = { code, answer: evaluation }
  if (evaluation.weights === undefined) return reply
  const buffers = new Set(Object.values(evaluation.weights).map((array) => array.buffer))
  return move({ [transferableSymbol]: [...buffers], [valueSymbol]: reply })
}
