/*
 * The seconds in which a process was able to run, in memory that its threads share. A ticker notes the time regularly
 * (`tick`). A tick that comes far too late means that the whole process was suspended in between, by SIGSTOP or together
 * with the machine. Of the time since the last tick every reader counts at most `longestPauseSeconds`, so that a thread that
 * reads the clock before the ticker has run sees the same time as afterwards.
 */

/** How often the ticker writes the time down. With 64 busy threads on two cores a tick came 0.14 s late at most. */
export const tickSeconds = 0.25

/** How much of the time between two ticks counts. */
export const longestPauseSeconds = 1

const longestPause = BigInt(1e9 * longestPauseSeconds)

/** Stands for the last tick where there is no ticker: then all time counts. */
const never = 2n ** 62n

/** What the memory holds: how often it was written, and two pairs of nanoseconds, of which the newer is read. */
const version = 0
const suspendedOf = (written: bigint): number => 1 + 2 * Number(written & 1n)
const lastTickOf = (written: bigint): number => 2 + 2 * Number(written & 1n)

export class AwakeTime {
  readonly memory: SharedArrayBuffer
  readonly #numbers: BigInt64Array
  readonly #wallClock: () => bigint

  /** @param wallClock monotonic nanoseconds, the same in all threads of the process */
  constructor(
    memory: SharedArrayBuffer = AwakeTime.newMemory(),
    wallClock: () => bigint = () => process.hrtime.bigint(),
  ) {
    this.memory = memory
    this.#numbers = new BigInt64Array(memory)
    this.#wallClock = wallClock
  }

  /** Memory that no ticker writes to yet. */
  static newMemory(): SharedArrayBuffer {
    const memory = new SharedArrayBuffer(5 * BigInt64Array.BYTES_PER_ELEMENT)
    new BigInt64Array(memory)[lastTickOf(0n)] = never
    return memory
  }

  /** Seconds since an arbitrary start, without those in which the process was suspended. */
  seconds(): number {
    const { suspended, lastTick } = this.#read()
    // After the memory: whatever passes in between is late for that tick.
    const now = this.#wallClock()
    return toSeconds(now - suspended - lateness(lastTick, now))
  }

  /** Seconds in which the process was suspended, as of the last tick. */
  suspendedSeconds(): number {
    return toSeconds(this.#read().suspended)
  }

  /** Called by the one ticker. Gives the seconds for which the process was suspended since the last tick. */
  tick(): number {
    const { suspended, lastTick } = this.#read()
    const now = this.#wallClock()
    const late = lateness(lastTick, now)
    this.#write(suspended + late, now)
    return toSeconds(late)
  }

  /** There is no ticker any more: from now on all time counts. */
  stop(): void {
    this.#write(this.#read().suspended, never)
  }

  /** A pair that was written together. */
  #read(): { readonly suspended: bigint; readonly lastTick: bigint } {
    for (;;) {
      const written = Atomics.load(this.#numbers, version)
      const suspended = Atomics.load(this.#numbers, suspendedOf(written))
      const lastTick = Atomics.load(this.#numbers, lastTickOf(written))
      // Otherwise this pair may be half overwritten by the one after the next.
      if (Atomics.load(this.#numbers, version) === written) return { suspended, lastTick }
    }
  }

  #write(suspended: bigint, lastTick: bigint): void {
    const next = Atomics.load(this.#numbers, version) + 1n
    Atomics.store(this.#numbers, suspendedOf(next), suspended)
    Atomics.store(this.#numbers, lastTickOf(next), lastTick)
    Atomics.store(this.#numbers, version, next)
  }
}

/** By how much more than a pause the last tick lies back. */
function lateness(lastTick: bigint, now: bigint): bigint {
  const late = now - lastTick - longestPause
  return late > 0n ? late : 0n
}

function toSeconds(nanoseconds: bigint): number {
  return Number(nanoseconds) / 1e9
}
