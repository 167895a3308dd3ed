import { packageRoot } from '../platform/files.js'
import { programDigest, readProgramDigest } from '../platform/program-digest.js'
import { WorkerStartError } from './worker-lost.js'
import type { EngineDescription } from './worker-runtime.js'

/** What a worker runs. It must be the same for all workers of a run. */
export interface WorkerCode {
  readonly engine: EngineDescription
  /** See `programDigest`. */
  readonly program: string
}

/** The code of the thread that calls it, which has loaded the engine. */
export function ownCode(engine: EngineDescription): WorkerCode {
  return { engine, program: programDigest() }
}

/**
 * Checks that all workers of a pool run the program that their driver was started with, on the same engine. A worker that
 * replaces another loads what is installed by then, which may be another version.
 */
export class SameCode {
  readonly #root: string
  readonly #program: string
  #engine: EngineDescription | null = null
  #isChanged = false

  /** @param workers the file that the workers run */
  constructor(workers: string) {
    this.#root = rootOf(workers)
    this.#program = programDigest(this.#root)
  }

  /**
   * @param code what a worker says it runs; undefined of a worker of another version
   * @throws WorkerStartError if that is not what the others run.
   */
  check(code: WorkerCode | undefined): void {
    if (code?.program !== this.#program) throw this.#changed()
    this.#engine ??= code.engine
    checkSameEngine(this.#engine, code.engine)
  }

  /** @throws WorkerStartError if what is installed is no longer what the workers run, which is why one may have failed. */
  checkInstalled(): void {
    if (this.#isChanged || readProgramDigest(this.#root) !== this.#program) throw this.#changed()
  }

  /** Whether a worker ran other code, or would: then none is to be started any more. */
  get isChanged(): boolean {
    return this.#isChanged
  }

  #changed(): WorkerStartError {
    this.#isChanged = true
    return new WorkerStartError(
      `The fear-nas installed in ${this.#root} has changed since this run started: a new worker would run different ` +
        'code from the others. What is done is kept: fear-nas resume goes on with what is installed now.',
    )
  }
}

type EngineFacts = Pick<EngineDescription, 'version' | 'device'> & { readonly name: string }

/**
 * @param first what the driver, or the first worker, has loaded
 * @throws WorkerStartError if a worker has loaded another engine, or the same one for another device.
 */
export function checkSameEngine(first: EngineFacts, worker: EngineFacts): void {
  if (engineText(first) === engineText(worker)) return
  throw new WorkerStartError(
    `A worker loaded the engine ${engineText(worker)} instead of ${engineText(first)}: their trials would not be ` +
      'comparable. Make all workers use the same one; CUDA_VISIBLE_DEVICES selects among different GPUs.',
  )
}

/** The package that a file belongs to; this package for a user's own program that calls it. */
function rootOf(file: string): string {
  try {
    return packageRoot(file)
  } catch {
    return packageRoot()
  }
}

function engineText({ device, name, version }: EngineFacts): string {
  return `${name} ${version} (${device})`
}
