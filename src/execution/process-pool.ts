import { awakeClock } from '../platform/awake-clock.js'
import { FearNasError, isInputError } from '../platform/errors.js'
import { visibleGpus } from '../platform/hardware.js'
import { messageOf } from '../platform/message-of.js'
import { either, worded } from '../platform/wording.js'
import { checkSendable } from './check-sendable.js'
import type { WorkerSetup } from './executor.js'
import type { ReadyExecutor } from './in-process.js'
import { PooledExecutor, type PoolOptions, type WorkerPool } from './pooled-executor.js'
import type { Silence } from './silence.js'
import { SameCode } from './worker-code.js'
import { workerCount } from './worker-count.js'
import { workerFile } from './worker-file.js'
import { WorkerStartError } from './worker-lost.js'
import type { PooledTask, TaskAnswers } from './worker-messages.js'
import { ProcessEndedError, WorkerProcess } from './worker-process.js'
import type { EngineDescription } from './worker-runtime.js'

/**
 * Runs tasks in worker processes, each with its own engine, for engines whose library may abort the process or has
 * settings per process. If there are GPUs, each process sees one of them, in turn. Resolves when every process has
 * loaded its engine. The data set is sent to each process. A process that ends is replaced at the next task, and all
 * end with this process.
 *
 * @throws FearNasError if a process cannot start, with the reason; ConfigError or DataError if the input is wrong.
 */
export async function createProcessPoolExecutor(setup: WorkerSetup, options: PoolOptions): Promise<ReadyExecutor> {
  checkSendable(setup)
  const pool = new ProcessPool(setup, options.program ?? workerFile('process-entry.js'))
  try {
    await awakeClock().ready
    await pool.start(options.workers)
  } catch (error) {
    await pool.close()
    if (isInputError(error)) throw error
    throw new FearNasError(`A worker process could not start: ${messageOf(error)}`, { cause: error })
  }
  return new PooledExecutor(pool, setup.timeoutSeconds, options)
}

/** Maximum number of attempts to start a replacement process. */
const replacementAttempts = 3

class ProcessPool implements WorkerPool {
  readonly #setup: WorkerSetup
  readonly #program: string
  readonly #same: SameCode
  readonly #gpus = visibleGpus(process.env)
  /** All worker processes; `null` before the first start. */
  readonly #processes: (WorkerProcess | null)[] = [null]
  readonly #idle: number[] = []
  #engine: EngineDescription | null = null

  constructor(setup: WorkerSetup, program: string) {
    this.#setup = setup
    this.#program = program
    this.#same = new SameCode(program)
  }

  get engine(): EngineDescription {
    if (this.#engine === null) throw new Error('the pool has not been started')
    return this.#engine
  }

  get workers(): number {
    return this.#processes.length
  }

  async start(wanted: number | 'auto'): Promise<void> {
    // The first process says what the engine is, and with it how many there can be.
    const engine = await this.#startProcess(0)
    this.#engine = engine
    const workers = workerCount(wanted, engine, () => this.#gpus.length)
    while (this.#processes.length < workers) this.#processes.push(null)
    await Promise.all(this.#processes.map((_, index) => (index === 0 ? engine : this.#startProcess(index))))
    this.#idle.push(...this.#processes.keys())
  }

  async run<Task extends PooledTask>(task: Task, silence: Silence): Promise<TaskAnswers[Task['kind']]> {
    const index = this.#idle.shift()
    if (index === undefined) throw new Error('no worker process is idle')
    try {
      if (!this.#processes[index]?.isAlive) await this.#replaceProcess(index, silence)
      return (await this.#processes[index]?.run(task, silence)) as TaskAnswers[Task['kind']]
    } finally {
      this.#idle.push(index)
    }
  }

  async close(): Promise<void> {
    await Promise.all(this.#processes.map((worker) => worker?.end()))
  }

  /**
   * A process that is killed while it starts, for instance because memory ran out, is started again. One that reports
   * an error is not, because it would fail again.
   */
  async #replaceProcess(index: number, silence: Silence): Promise<void> {
    const giveUp = (): void => this.#processes[index]?.kill()
    silence.signal.addEventListener('abort', giveUp)
    try {
      await this.#startReplacement(index, silence)
      silence.restart()
    } catch (error) {
      if (error instanceof WorkerStartError || isInputError(error)) throw error
      // Then the task is lost, not the run.
      if (silence.signal.aborted) throw error
      const message = worded`A worker process ended and could not be replaced (${messageOf(error)}). Finished trials are kept: continue with ${either('resume()', 'fear-nas resume')}.`
      throw new WorkerStartError(message, { cause: error })
    } finally {
      silence.signal.removeEventListener('abort', giveUp)
    }
  }

  async #startReplacement(index: number, silence: Silence): Promise<void> {
    for (let attempt = 1; ; attempt++) {
      try {
        await this.#startProcess(index)
        return
      } catch (error) {
        const mayTryAgain = error instanceof ProcessEndedError && !silence.signal.aborted
        if (!mayTryAgain || attempt === replacementAttempts) throw error
      }
    }
  }

  async #startProcess(index: number): Promise<EngineDescription> {
    const gpu = this.#gpus[index % this.#gpus.length]
    const environment = gpu === undefined ? process.env : { ...process.env, CUDA_VISIBLE_DEVICES: gpu.id }
    const worker = new WorkerProcess(this.#program, environment)
    this.#processes[index] = worker
    try {
      const code = await worker.start(this.#setup)
      this.#same.check(code)
      return code.engine
    } catch (error) {
      await worker.end()
      this.#same.checkInstalled()
      throw error
    }
  }
}
