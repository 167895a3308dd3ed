/** The source of time. Passed as an argument, so that a run can be simulated with another clock. */
export interface Clock {
  /** Monotonic seconds since an arbitrary start. */
  now(): number
  /** The date and time, ISO 8601, for information only. No result depends on it. */
  date(): string
}

/** The machine's clock. The only caller of `performance.now` and `Date` in the project. */
export const systemClock: Clock = {
  now: () => performance.now() / 1000,
  date: () => new Date().toISOString(),
}

/** Seconds from now on, plus `alreadySeconds` of earlier sessions. Never decreases, even if the clock jumps back. */
export function stopwatch(clock: Clock, alreadySeconds = 0): () => number {
  let last = clock.now()
  let elapsed = Math.max(0, alreadySeconds)
  return () => {
    const now = clock.now()
    elapsed += Math.max(0, now - last)
    last = now
    return elapsed
  }
}

/**
 * Seconds since a time recorded by another process, as a date or in milliseconds since 1970. For information only:
 * clocks may be set, and those of two machines differ.
 */
export function secondsSince(moment: string | number, clock: Clock): number {
  return (Date.parse(clock.date()) - (typeof moment === 'number' ? moment : Date.parse(moment))) / 1000
}

/** A clock that advances only when told, for simulations and tests. */
export class ManualClock implements Clock {
  #seconds = 0

  advance(seconds: number): void {
    this.#seconds += seconds
  }

  now(): number {
    return this.#seconds
  }

  date(): string {
    return new Date(this.#seconds * 1000).toISOString()
  }
}
