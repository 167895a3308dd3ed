/**
 * List scheduling: each task goes, in the order given, to the worker that is free first (R. L. Graham, "Bounds for
 * Certain Multiprocessing Anomalies", 1966). Models the driver with real workers, without overhead.
 */
export class WorkerClocks {
  readonly #freeAt: Float64Array
  #makespan: number

  /** All workers are free at `start`, in seconds. */
  constructor(workers: number, start = 0) {
    this.#freeAt = new Float64Array(workers).fill(start)
    this.#makespan = start
  }

  /** The time when the last task so far ends. */
  get makespan(): number {
    return this.#makespan
  }

  /** Assigns a task of `seconds`, which may not start before `notBefore`, to a worker; returns its end. */
  run(seconds: number, notBefore = 0): number {
    let worker = 0
    for (let i = 1; i < this.#freeAt.length; i++) {
      if ((this.#freeAt[i] as number) < (this.#freeAt[worker] as number)) worker = i
    }
    const end = Math.max(this.#freeAt[worker] as number, notBefore) + seconds
    this.#freeAt[worker] = end
    this.#makespan = Math.max(this.#makespan, end)
    return end
  }
}
