/*
 * The seconds in which a process was able to run, in memory that its threads share. A ticker records the time regularly
 * (`tick`). A tick that is far too late means that the whole process was suspended, by SIGSTOP or with the machine.
 * Readers count at most `longestPauseSeconds` of the time since the last tick, so a thread that reads the clock before
 * the ticker has run sees the same time as afterwards.
 */

/** How often the ticker records the time. With 64 busy threads on two cores a tick was at most 0.14 s late. */
export const tickSeconds = 0.25

/** Maximum time that counts between two ticks. */
export const longestPauseSeconds = 1

const longestPause = BigInt(1e9 * longestPauseSeconds)

/** Used as the last tick if there is no ticker; then all time counts. */
const never = 2n ** 62n

/** Layout of the shared memory: a write counter, and two pairs of nanoseconds, of which the newer is read. */
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

  /** Memory without a ticker yet. */
  static newMemory(): SharedArrayBuffer {
    const memory = new SharedArrayBuffer(5 * BigInt64Array.BYTES_PER_ELEMENT)
    new BigInt64Array(memory)[lastTickOf(0n)] = never
    return memory
  }

  /** Seconds since an arbitrary start, without those in which the process was suspended. */
  seconds(): number {
    const { suspended, lastTick } = this.#read()
    // Read after the memory, so that time passing in between counts as after the tick.
    const now = this.#wallClock()
    return toSeconds(now - suspended - lateness(lastTick, now))
  }

  /** Seconds in which the process was suspended, as of the last tick. */
  suspendedSeconds(): number {
    return toSeconds(this.#read().suspended)
  }

  /** Called by the ticker only. Returns the seconds of suspension since the last tick. */
  tick(): number {
    const { suspended, lastTick } = this.#read()
    const now = this.#wallClock()
    const late = lateness(lastTick, now)
    this.#write(suspended + late, now)
    return toSeconds(late)
  }

  /** The ticker has ended: from now on all time counts. */
  stop(): void {
    this.#write(this.#read().suspended, never)
  }

  /** A consistent pair of values. */
  #read(): { readonly suspended: bigint; readonly lastTick: bigint } {
    for (;;) {
      const written = Atomics.load(this.#numbers, version)
      const suspended = Atomics.load(this.#numbers, suspendedOf(written))
      const lastTick = Atomics.load(this.#numbers, lastTickOf(written))
      // Otherwise this pair may have been partly overwritten by a later write.
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

/** How much longer ago than a pause the last tick was. */
function lateness(lastTick: bigint, now: bigint): bigint {
  const late = now - lastTick - longestPause
  return late > 0n ? late : 0n
}

function toSeconds(nanoseconds: bigint): number {
  return Number(nanoseconds) / 1e9
}
