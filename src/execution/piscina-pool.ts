import { SHARE_ENV } from 'node:worker_threads'
import { Piscina } from 'piscina'
import { awakeClock } from '../platform/awake-clock.js'
import { FearNasError, isInputError } from '../platform/errors.js'
import { physicalCores } from '../platform/hardware.js'
import { messageOf } from '../platform/message-of.js'
import { checkSendable } from './check-sendable.js'
import type { WorkerSetup } from './executor.js'
import type { ReadyExecutor } from './in-process.js'
import { PooledExecutor, type PoolOptions } from './pooled-executor.js'
import { errorOf, isRefusal, type Refusal } from './refusal.js'
import type { Silence } from './silence.js'
import { SameCode } from './worker-code.js'
import type { ThreadAnswers, ThreadMessage, ThreadReply, ThreadSetup } from './worker-entry.js'
import { workerFile } from './worker-file.js'
import type { PooledTask, TaskAnswers } from './worker-messages.js'
import type { EngineDescription } from './worker-runtime.js'

/**
 * Runs tasks in worker threads, each with its own engine. Resolves when every worker has loaded it, so that loading
 * does not count towards a trial. The data set is shared with the workers; weights are returned without copying.
 *
 * @throws FearNasError if a worker cannot start, with the reason; ConfigError or DataError if the input is wrong.
 */
export async function createPiscinaExecutor(setup: WorkerSetup, options: PoolOptions): Promise<ReadyExecutor> {
  checkSendable(setup)
  const { memory, ready } = awakeClock()
  await ready
  const wanted = options.workers === 'auto' ? physicalCores() : options.workers
  const filename = options.program ?? workerFile('worker-entry.js')
  const same = new SameCode(filename)
  const pool = new Piscina({
    filename,
    workerData: { setup, awakeMemory: memory } satisfies ThreadSetup,
    // Shares the environment: an engine sets variables for the C library it loads, which would not see those of a
    // thread's copy.
    env: SHARE_ENV,
    minThreads: 1,
    maxThreads: wanted,
    idleTimeout: Infinity,
    // Otherwise idle workers block in Atomics.wait, and memory that native code frees on their event loop would not be
    // freed.
    atomics: 'disabled',
    // Otherwise each thread's young generation grows to three times 16 MB.
    resourceLimits: { maxYoungGenerationSizeMb: 4 },
    recordTiming: false,
  })
  // Errors of idle workers. A persistent one appears again with the next task.
  pool.on('error', () => {})
  try {
    const engine = await startWorkers(pool, same, 1)
    const workers = Math.min(wanted, engine.maxThreads)
    if (workers > 1) await startWorkers(pool, same, workers)
    return new PooledExecutor(
      {
        engine,
        workers,
        run: <Task extends PooledTask>(task: Task, { signal }: Silence) =>
          post(pool, same, threadMessage(task), signal) as Promise<TaskAnswers[Task['kind']]>,
        close() {
          // Otherwise Piscina starts a replacement for a thread that was stopped and ends only later.
          pool.options.minThreads = 0
          return same.isChanged ? pool.destroy() : pool.close()
        },
      },
      setup.timeoutSeconds,
      options,
    )
  } catch (error) {
    await pool.destroy()
    if (isInputError(error)) throw error
    throw new FearNasError(`A worker thread could not start: ${messageOf(error)}`, { cause: error })
  }
}

/** Resolves when `workers` threads have loaded the engine. */
async function startWorkers(pool: Piscina, same: SameCode, workers: number): Promise<EngineDescription> {
  const barrier = new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT)
  const ready = Array.from({ length: workers }, () => post(pool, same, { kind: 'ready', barrier, workers }))
  try {
    return (await Promise.all(ready))[0] as EngineDescription
  } catch (error) {
    // One did not start; end the others.
    Atomics.store(new Int32Array(barrier), 0, workers)
    Atomics.notify(new Int32Array(barrier), 0)
    await Promise.allSettled(ready)
    throw error
  }
}

/** Threads share the memory of channels. */
function threadMessage(task: PooledTask): ThreadMessage {
  return task.kind === 'test' ? task : { ...task, channel: task.channel?.share() ?? null }
}

/** @throws WorkerStartError if the answering thread, or the replacement of a failed one, runs other code. */
async function post<Message extends ThreadMessage>(
  pool: Piscina,
  same: SameCode,
  message: Message,
  signal: AbortSignal | null = null,
): Promise<ThreadAnswers[Message['kind']]> {
  // If no thread can start, Piscina retries forever and a task would never finish.
  if (same.isChanged) same.checkInstalled()
  let reply: Refusal | ThreadReply<ThreadAnswers[Message['kind']]>
  try {
    reply = await pool.run(message, { signal })
  } catch (error) {
    same.checkInstalled()
    throw error
  }
  if (isRefusal(reply)) {
    same.checkInstalled()
    throw errorOf(reply)
  }
  same.check(reply.code)
  return reply.answer
}
