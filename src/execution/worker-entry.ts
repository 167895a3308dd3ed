import { workerData } from 'node:worker_threads'
import { move, transferableSymbol, valueSymbol } from 'piscina'
import type { Evaluation } from '../evaluators/evaluator.js'
import { awakeClockOf } from '../platform/awake-clock.js'
import type { EvaluationTask, TestTask, WorkerSetup } from './executor.js'
import { refusalOf } from './refusal.js'
import { ownCode, type WorkerCode } from './worker-code.js'
import { createWorkerRuntime, type EngineDescription } from './worker-runtime.js'

/** What the pool posts to a worker. */
export type WorkerMessage =
  | { readonly kind: 'ready'; readonly barrier: SharedArrayBuffer; readonly workers: number }
  | { readonly kind: 'evaluate'; readonly task: EvaluationTask }
  | { readonly kind: 'test'; readonly task: TestTask }

/** The messages that are tasks. */
export type TaskMessage = Exclude<WorkerMessage, { kind: 'ready' }>

/** What a worker answers to each kind of message. */
export interface WorkerAnswers {
  readonly ready: EngineDescription
  readonly evaluate: Evaluation
  readonly test: number
}

/** How it comes: with what the worker runs, since Piscina may have started it in place of another. */
export interface WorkerReply<Answer = WorkerAnswers[keyof WorkerAnswers]> {
  readonly code: WorkerCode
  readonly answer: Answer
}

/** What a thread is given when it starts. */
export interface ThreadSetup {
  readonly setup: WorkerSetup
  /** Of the process's clock. */
  readonly awakeMemory: SharedArrayBuffer
}

const { setup, awakeMemory } = workerData as ThreadSetup
const runtime = createWorkerRuntime(setup, awakeClockOf(awakeMemory))
// Whoever posts a message gets the error; until then it is nobody's.
runtime.catch(() => {})

export default async function answer(message: WorkerMessage): Promise<unknown> {
  try {
    return await answerTo(message)
  } catch (error) {
    return refusalOf(error)
  }
}

async function answerTo(message: WorkerMessage): Promise<unknown> {
  const { engine, evaluate, test } = await runtime
  const code = ownCode(engine)
  switch (message.kind) {
    case 'ready':
      waitForAll(message.barrier, message.workers)
      return { code, answer: engine }
    case 'evaluate':
      return withoutCopyingWeights(evaluate(message.task), code)
    case 'test':
      return { code, answer: test(message.task) }
  }
}

/** Holds this thread until `workers` threads are here, so that none answers in place of one that still loads. */
function waitForAll(barrier: SharedArrayBuffer, workers: number): void {
  const arrived = new Int32Array(barrier)
  Atomics.add(arrived, 0, 1)
  Atomics.notify(arrived, 0)
  for (let seen = Atomics.load(arrived, 0); seen < workers; seen = Atomics.load(arrived, 0)) {
    Atomics.wait(arrived, 0, seen)
  }
}

/** Weights change hands instead of being copied; they are this evaluation's own. */
function withoutCopyingWeights(evaluation: Evaluation, code: WorkerCode): unknown {
  const reply: WorkerReply<Evaluation> = { code, answer: evaluation }
  if (evaluation.weights === undefined) return reply
  const buffers = new Set(Object.values(evaluation.weights).map((array) => array.buffer))
  return move({ [transferableSymbol]: [...buffers], [valueSymbol]: reply })
}
