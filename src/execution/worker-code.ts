import { packageRoot } from '../platform/files.js'
import { programDigest, readProgramDigest } from '../platform/program-digest.js'
import { either, worded } from '../platform/wording.js'
import { WorkerStartError } from './worker-lost.js'
import type { EngineDescription } from './worker-runtime.js'

/** The program and engine of a worker; must be the same for all workers of a run. */
export interface WorkerCode {
  readonly engine: EngineDescription
  /** See `programDigest`. */
  readonly program: string
}

/** The code of the calling thread, which has loaded the engine. */
export function ownCode(engine: EngineDescription): WorkerCode {
  return { engine, program: programDigest() }
}

/**
 * Checks that all workers of a pool run the program that their driver was started with, on the same engine. A
 * replacement worker loads whatever is installed then, which may be another version.
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
   * @param code the code a worker reports; undefined for a worker of another version
   * @throws WorkerStartError if that is not what the others run.
   */
  check(code: WorkerCode | undefined): void {
    if (code?.program !== this.#program) throw this.#changed()
    this.#engine ??= code.engine
    checkSameEngine(this.#engine, code.engine)
  }

  /**
   * @throws WorkerStartError if the installed program is no longer the one that the workers run, which may be why one
   * failed.
   */
  checkInstalled(): void {
    if (this.#isChanged || readProgramDigest(this.#root) !== this.#program) throw this.#changed()
  }

  /** Whether a worker ran, or would run, other code; then no further worker may start. */
  get isChanged(): boolean {
    return this.#isChanged
  }

  #changed(): WorkerStartError {
    this.#isChanged = true
    return new WorkerStartError(
      worded`The fear-nas installed in ${this.#root} has changed since this run started: a new worker would run different code from the others. Finished trials are kept: ${either('resume()', 'fear-nas resume')} continues with the installed version.`,
    )
  }
}

type EngineFacts = Pick<EngineDescription, 'version' | 'device'> & { readonly name: string }

/**
 * @param first the code of the driver or of the first worker
 * @throws WorkerStartError if a worker has loaded another engine, or the same one for another device.
 */
export function checkSameEngine(first: EngineFacts, worker: EngineFacts): void {
  if (engineText(first) === engineText(worker)) return
  throw new WorkerStartError(
    `A worker loaded the engine ${engineText(worker)} instead of ${engineText(first)}: their trials would not be ` +
      'comparable. Make all workers use the same one; CUDA_VISIBLE_DEVICES selects among different GPUs.',
  )
}

/** The package that a file belongs to; this package if it is a user's program. */
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
