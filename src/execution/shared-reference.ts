import type { RejectionReference } from '../evaluators/evaluator.js'
import type { TaskRejection } from './executor.js'

/** Of ES2024; this project's declarations are of ES2023, while every Node it runs on has it. */
interface AtomicsWithWaitAsync {
  waitAsync(array: BigInt64Array, index: number, value: bigint): { readonly value: Promise<unknown> | string }
}

/**
 * Tells of every lower cost that another thread offers, soon after, without holding this thread. Returns a function that
 * ends it and returns the cost there is then.
 */
export function watchSharedReference(buffer: SharedArrayBuffer, onLower: (cheapest: number) => void): () => number {
  const shared = new BigInt64Array(buffer)
  const reference = sharedReference(buffer)
  let known = reference.cheapest()
  let ended = false
  const watch = async (): Promise<void> => {
    while (!ended) {
      const seen = Atomics.load(shared, 0)
      const cheapest = reference.cheapest()
      if (cheapest < known) {
        known = cheapest
        onLower(cheapest)
      }
      await (Atomics as unknown as AtomicsWithWaitAsync).waitAsync(shared, 0, seen).value
    }
  }
  void watch()
  return () => {
    ended = true
    Atomics.notify(shared, 0)
    return reference.cheapest()
  }
}

/** The reference of a task: a constant, or the number that all running trials share. */
export function rejectionReference(rejection: TaskRejection): RejectionReference {
  return rejection.kind === 'fixed' ? fixedReference(rejection.cheapest) : sharedReference(rejection.buffer)
}

/** Known before the trial began, so that the trial's outcome does not depend on what runs beside it. */
export function fixedReference(cheapest: number): RejectionReference {
  return { cheapest: () => cheapest, offer: () => {} }
}

/** A buffer for `sharedReference`, holding Infinity: nothing offered yet. */
export function createSharedReferenceBuffer(cheapestSeconds = Infinity): SharedArrayBuffer {
  const buffer = new SharedArrayBuffer(Float64Array.BYTES_PER_ELEMENT)
  new Float64Array(buffer)[0] = cheapestSeconds
  return buffer
}

/**
 * The cheapest stage 1 in measured seconds, as one Float64 that threads read and lower at any time. An offer is a
 * compare-and-swap loop, so that of two threads offering at once the smaller cost always stays.
 */
export function sharedReference(buffer: SharedArrayBuffer): RejectionReference {
  // Atomics work on integers only; the Float64 travels as the 64-bit integer with the same bits.
  const shared = new BigInt64Array(buffer)
  const seconds = new Float64Array(1)
  const bits = new BigInt64Array(seconds.buffer)
  const toSeconds = (pattern: bigint): number => {
    bits[0] = pattern
    return seconds[0] as number
  }
  const toBits = (value: number): bigint => {
    seconds[0] = value
    return bits[0] as bigint
  }
  return {
    cheapest: () => toSeconds(Atomics.load(shared, 0)),
    offer({ computeSeconds }) {
      let seen = Atomics.load(shared, 0)
      while (computeSeconds < toSeconds(seen)) {
        const found = Atomics.compareExchange(shared, 0, seen, toBits(computeSeconds))
        if (found === seen) {
          Atomics.notify(shared, 0)
          return
        }
        seen = found
      }
    },
  }
}
