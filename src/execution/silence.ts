import type { Clock } from '../platform/clock.js'

/** The longest delay that timers take. */
const maxTimerSeconds = (2 ** 31 - 1) / 1000

/** Time limit for a worker's answer. Seconds in which it or the driver was suspended do not count. */
export class Silence {
  readonly #controller = new AbortController()
  readonly #clock: Clock
  readonly #seconds: number
  #untilSeconds: number
  #timer: NodeJS.Timeout | undefined

  /** @param seconds from now on; Infinity for no limit */
  constructor(clock: Clock, seconds: number) {
    this.#clock = clock
    this.#seconds = seconds
    this.#untilSeconds = clock.now() + seconds
    this.#wait()
  }

  /** Aborted when the time limit is reached. */
  get signal(): AbortSignal {
    return this.#controller.signal
  }

  /** The task starts again on another worker. */
  restart(): void {
    this.#untilSeconds = this.#clock.now() + this.#seconds
  }

  /** The worker was suspended for this time. */
  excuse(seconds: number): void {
    this.#untilSeconds += seconds
  }

  /** The worker has answered or ended. */
  end(): void {
    clearTimeout(this.#timer)
  }

  /** Timers go on while the driver is suspended and its clock does not, so the clock decides whether the time is up. */
  #wait(): void {
    const leftSeconds = this.#untilSeconds - this.#clock.now()
    if (leftSeconds === Infinity) return
    const delay = Math.ceil(1000 * Math.min(leftSeconds, maxTimerSeconds))
    this.#timer = setTimeout(() => {
      if (this.#clock.now() >= this.#untilSeconds) this.#controller.abort()
      else this.#wait()
    }, delay)
  }
}
