import type { Evaluation } from '../evaluators/evaluator.js'
import { awakeClock } from '../platform/awake-clock.js'
import type { Clock } from '../platform/clock.js'
import { isInputError } from '../platform/errors.js'
import { messageOf } from '../platform/message-of.js'
import type { Channel, ChannelNumbers } from './channel/channel.js'
import { Channels } from './channel/channels.js'
import { checkSendable } from './check-sendable.js'
import { closedError } from './closed-error.js'
import type { EvaluationTask, TestTask } from './executor.js'
import type { ReadyExecutor } from './in-process.js'
import { Silence } from './silence.js'
import { Slots } from './slots.js'
import { lostEvaluation, WorkerLostError, WorkerStartError } from './worker-lost.js'
import type { PooledTask, TaskAnswers } from './worker-messages.js'
import type { EngineDescription } from './worker-runtime.js'

export interface PoolOptions {
  /** `auto`: one per physical core, or per GPU if the engine uses GPUs. Limited by what the engine supports. */
  readonly workers: number | 'auto'
  readonly clock?: Clock | undefined
  /** Seconds beyond a trial's time limit after which a worker without an answer is stopped. Default 60. */
  readonly graceSeconds?: number | undefined
  /** The program of the workers; default `worker-entry` (threads) or `process-entry` (processes). */
  readonly program?: string | undefined
}

/** Workers of one kind, all with their engine loaded. */
export interface WorkerPool {
  readonly engine: EngineDescription
  readonly workers: number
  /**
   * Runs a task on an idle worker, of which there is always one, and exchanges what is published in its channel.
   * Rejects if the worker fails: with the error itself if the input is wrong, and with WorkerStartError if a lost
   * worker cannot be replaced. A worker that is silent for too long is given up, and another takes its place.
   */
  run<Task extends PooledTask>(task: Task, silence: Silence): Promise<TaskAnswers[Task['kind']]>
  /** Frees the workers. Called when all are idle. */
  close(): Promise<void>
}

/** An executor on a pool of workers: tasks wait for an idle worker, and a lost worker becomes its task's failed outcome. */
export class PooledExecutor implements ReadyExecutor {
  readonly #pool: WorkerPool
  readonly #clock: Clock
  readonly #silenceSeconds: number
  readonly #slots: Slots
  readonly #channels = new Channels()
  readonly #tasks = new Set<Promise<unknown>>()
  #isClosed = false

  constructor(pool: WorkerPool, timeoutSeconds: number, { clock = awakeClock(), graceSeconds = 60 }: PoolOptions) {
    this.#pool = pool
    this.#clock = clock
    this.#silenceSeconds = timeoutSeconds + graceSeconds
    this.#slots = new Slots(pool.workers)
  }

  get workers(): number {
    return this.#pool.workers
  }

  get engine(): EngineDescription {
    return this.#pool.engine
  }

  evaluate(task: EvaluationTask): Promise<Evaluation> {
    return this.#submit(async () => {
      checkSendable(task)
      const channel = this.#channels.rowOf(task)
      const startedSeconds = this.#clock.now()
      try {
        return await this.#run({ kind: 'evaluate', task, channel })
      } catch (error) {
        if (error instanceof WorkerLostError) return lostEvaluation(error, this.#clock.now() - startedSeconds)
        throw error
      }
    })
  }

  test(task: TestTask): Promise<number> {
    return this.#submit(() => this.#run({ kind: 'test', task }))
  }

  openChannel(numbers: ChannelNumbers, tasks: number): Channel {
    return this.#channels.open(numbers, tasks)
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

  /** Runs a task on an idle worker, and stops the worker if it does not answer in time. */
  async #run<Task extends PooledTask>(task: Task): Promise<TaskAnswers[Task['kind']]> {
    const silence = new Silence(this.#clock, this.#silenceSeconds)
    try {
      return await this.#pool.run(task, silence)
    } catch (error) {
      if (error instanceof WorkerStartError || isInputError(error)) throw error
      if (silence.signal.aborted) {
        throw new WorkerLostError(`The worker was given up: it did not answer for ${this.#silenceSeconds} s.`)
      }
      throw new WorkerLostError(`The worker failed: ${messageOf(error)}`, { cause: error })
    } finally {
      silence.end()
    }
  }
}
