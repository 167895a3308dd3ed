import type { Rng } from '../../platform/rng.js'

/**
 * The architectures of one search, as indices below `measured`, in their order: `count` of them, each of all with
 * replacement, or a random subset in random order.
 *
 * With replacement and as many as were measured, this is the bootstrap: the measured architectures represent the space,
 * and one drawn twice represents two similar ones. Without replacement, it is a search over fewer architectures.
 *
 * @throws RangeError if more are requested than there are, without replacement.
 */
export function drawIndices(measured: number, count: number, replacement: boolean, rng: Rng): Uint32Array {
  if (replacement) return Uint32Array.from({ length: count }, () => rng.integer(measured))
  if (count > measured) throw new RangeError(`cannot draw ${count} of ${measured} without replacement`)
  return rng.permutation(measured).subarray(0, count)
}
