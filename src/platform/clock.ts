/** Where time comes from. Passed as an argument, so that a run can be replayed with a clock of its own. */
export interface Clock {
  /** Monotonic seconds since an arbitrary start. */
  now(): number
  /** The calendar date and time, ISO 8601, for records that people read. No result depends on it. */
  date(): string
}

/** The machine's clock. The only caller of `performance.now` and `Date` in the project. */
export const systemClock: Clock = {
  now: () => performance.now() / 1000,
  date: () => new Date().toISOString(),
}

/**
 * Seconds from now on, after `alreadySeconds` of earlier sessions. Never falls, even where the
 * clock jumps back: what has been spent stays spent, and the time after the jump counts on from there.
 */
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
 * Seconds between a moment that another process wrote down, as a date or in milliseconds since 1970, and now. Only for
 * people: calendar clocks are set, and those of two machines differ.
 */
export function secondsSince(moment: string | number, clock: Clock): number {
  return (Date.parse(clock.date()) - (typeof moment === 'number' ? moment : Date.parse(moment))) / 1000
}

/** A clock that moves only when told: for simulations and tests. */
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
