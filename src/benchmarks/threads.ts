import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { Worker } from 'node:worker_threads'
import type { EngineName } from '../engines/engine.js'
import { EngineError, FearNasError, NetworkTooLargeError } from '../platform/errors.js'
import { repairAdvice } from '../platform/files.js'
import type { Repetitions, Timing } from './timing.js'
import type { BenchmarkCase } from './workload.js'

export interface ThreadedOptions {
  readonly engine: EngineName | 'auto'
  readonly isa: string | null
  readonly threads: number
  readonly repetitions: Repetitions
}

/** The data of a benchmark thread. */
export interface ThreadTask extends ThreadedOptions {
  readonly case: BenchmarkCase
  /** Two Int32: the number of threads that are ready, and the number that are done. */
  readonly counters: SharedArrayBuffer
}

/** Its answer: the timings, or an error. */
export type ThreadAnswer = { readonly timing: Timing } | { readonly error: string; readonly isTooLarge: boolean }

/**
 * Times a case in several threads at the same time.
 *
 * @throws EngineError with the reason if a thread fails.
 */
export async function timeInThreads(one: BenchmarkCase, options: ThreadedOptions): Promise<readonly Timing[]> {
  const counters = new SharedArrayBuffer(2 * Int32Array.BYTES_PER_ELEMENT)
  const task: ThreadTask = { ...options, case: one, counters }
  const workers = Array.from({ length: options.threads }, () => new Worker(threadFile(), { workerData: task }))
  try {
    return await Promise.all(workers.map(answerOf))
  } finally {
    await Promise.all(workers.map((worker) => worker.terminate()))
  }
}

function answerOf(worker: Worker): Promise<Timing> {
  return new Promise((resolve, reject) => {
    worker.once('message', (answer: ThreadAnswer) => {
      if ('timing' in answer) resolve(answer.timing)
      else reject(failure(answer.error, answer.isTooLarge))
    })
    worker.once('error', (cause: NodeJS.ErrnoException) =>
      reject(failure(String(cause), cause.code === 'ERR_WORKER_OUT_OF_MEMORY')),
    )
    worker.once('exit', (code) => reject(new EngineError(`a benchmark thread ended with code ${code}`)))
  })
}

function failure(reason: string, isTooLarge: boolean): EngineError {
  return new (isTooLarge ? NetworkTooLargeError : EngineError)(`a benchmark thread failed: ${reason}`)
}

/**
 * The program of the threads. They cannot run TypeScript: if this module runs from src/, it is the file of the last
 * build.
 */
function threadFile(): string {
  const isSource = import.meta.url.endsWith('.ts')
  const place = isSource ? '../../dist/benchmarks/thread-entry.js' : './thread-entry.js'
  const file = fileURLToPath(new URL(place, import.meta.url))
  if (!existsSync(file)) throw new FearNasError(`The threads' program is missing: ${file}. ${repairAdvice()}`)
  return file
}
