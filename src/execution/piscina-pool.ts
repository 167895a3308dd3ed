import { Piscina } from 'piscina'
import type { Evaluation } from '../evaluators/evaluator.js'
import { failedEvaluation, secondsOnly } from '../evaluators/failed-evaluation.js'
import { type Clock, systemClock } from '../platform/clock.js'
import { FearNasError } from '../platform/errors.js'
import { physicalCores } from '../platform/hardware.js'
import { closedError } from './closed-error.js'
import type { EvaluationTask, TestTask, WorkerSetup } from './executor.js'
import type { ReadyExecutor } from './in-process.js'
import { Slots } from './slots.js'
import type { WorkerAnswers, WorkerMessage } from './worker-entry.js'
import { workerFile } from './worker-file.js'
import type { EngineDescription } from './worker-runtime.js'

export interface PoolOptions {
  /** `auto`: one for each physical core. Never more than the engine can have. */
  readonly workers: number | 'auto'
  readonly clock?: Clock | undefined
  /** How much longer than a trial's own time limit its worker may stay silent before it is given up. 60 by default. */
  readonly graceSeconds?: number | undefined
  /** A program for the worker threads that answers as `worker-entry` does. */
  readonly program?: string | undefined
}

/**
 * Runs tasks in worker threads, each with an engine of its own. Resolves once every worker has loaded it, so that no
 * trial pays for that. The data set is shared with the workers; weights come back without a copy.
 *
 * @throws FearNasError if a worker cannot start, with the reason.
 */
export async function createPiscinaExecutor(setup: WorkerSetup, options: PoolOptions): Promise<ReadyExecutor> {
  const wanted = options.workers === 'auto' ? physicalCores() : options.workers
  const pool = new Piscina({
    filename: options.program ?? workerFile(),
    workerData: setup,
    minThreads: 1,
    maxThreads: wanted,
    idleTimeout: Infinity,
    // Otherwise idle workers block in Atomics.wait: the memory that native code frees on their event loop never would be.
    atomics: 'disabled',
    recordTiming: false,
  })
  // Errors of workers that run nothing. One that matters comes back with the next task.
  pool.on('error', () => {})
  try {
    const engine = await startWorkers(pool, 1)
    const workers = Math.min(wanted, engine.maxThreads)
    if (workers > 1) await startWorkers(pool, workers)
    const silenceSeconds = setup.timeoutSeconds + (options.graceSeconds ?? 60)
    return new PiscinaExecutor(pool, engine, workers, silenceSeconds, options.clock ?? systemClock)
  } catch (error) {
    await pool.destroy()
    throw new FearNasError(`A worker thread could not start: ${messageOf(error)}`, { cause: error })
  }
}

/** Resolves when `workers` threads have loaded the engine. */
async function startWorkers(pool: Piscina, workers: number): Promise<EngineDescription> {
  const barrier = new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT)
  const ready = Array.from({ length: workers }, () => post(pool, { kind: 'ready', barrier, workers }))
  try {
    return (await Promise.all(ready))[0] as EngineDescription
  } catch (error) {
    // One did not start; let the others go.
    Atomics.store(new Int32Array(barrier), 0, workers)
    Atomics.notify(new Int32Array(barrier), 0)
    await Promise.allSettled(ready)
    throw error
  }
}

function post<Message extends WorkerMessage>(
  pool: Piscina,
  message: Message,
  signal: AbortSignal | null = null,
): Promise<WorkerAnswers[Message['kind']]> {
  return pool.run(message, { signal })
}

class PiscinaExecutor implements ReadyExecutor {
  readonly workers: number
  readonly engine: EngineDescription
  readonly #pool: Piscina
  readonly #clock: Clock
  readonly #silenceSeconds: number
  readonly #slots: Slots
  readonly #tasks = new Set<Promise<unknown>>()
  #isClosed = false

  constructor(pool: Piscina, engine: EngineDescription, workers: number, silenceSeconds: number, clock: Clock) {
    this.#pool = pool
    this.engine = engine
    this.workers = workers
    this.#clock = clock
    this.#silenceSeconds = silenceSeconds
    this.#slots = new Slots(workers)
  }

  evaluate(task: EvaluationTask): Promise<Evaluation> {
    return this.#submit(async () => {
      const startedSeconds = this.#clock.now()
      try {
        return await this.#post({ kind: 'evaluate', task })
      } catch (error) {
        return failedEvaluation(error, secondsOnly(this.#clock.now() - startedSeconds))
      }
    })
  }

  test(task: TestTask): Promise<number> {
    return this.#submit(() => this.#post({ kind: 'test', task }))
  }

  async close(): Promise<void> {
    if (this.#isClosed) return
    this.#isClosed = true
    await Promise.allSettled(this.#tasks)
    // All workers are idle now, so none is stopped inside native code.
    await this.#pool.close()
  }

  #submit<T>(run: () => Promise<T>): Promise<T> {
    if (this.#isClosed) return Promise.reject(closedError())
    const task = this.#slots.run(run)
    this.#tasks.add(task)
    const forget = (): void => void this.#tasks.delete(task)
    task.then(forget, forget)
    return task
  }

  /** Posts to a free worker, and gives the worker up when it is silent for too long: piscina starts another. */
  async #post<Message extends WorkerMessage>(message: Message): Promise<WorkerAnswers[Message['kind']]> {
    const silence = new AbortController()
    const stopWatching = after(this.#silenceSeconds, () => silence.abort())
    try {
      return await post(this.#pool, message, silence.signal)
    } catch (error) {
      if (silence.signal.aborted) {
        throw new FearNasError(`The worker was given up: it did not answer for ${this.#silenceSeconds} s.`, {
          cause: error,
        })
      }
      throw new FearNasError(`The worker failed: ${messageOf(error)}`, { cause: error })
    } finally {
      stopWatching()
    }
  }
}

/** The longest delay that timers take. */
const maxTimerSeconds = (2 ** 31 - 1) / 1000

/** Calls `action` after some seconds, unless the returned function is called before. */
function after(seconds: number, action: () => void): () => void {
  if (seconds > maxTimerSeconds) return () => {}
  const timer = setTimeout(action, 1000 * seconds)
  return () => clearTimeout(timer)
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
