import seedrandom from 'seedrandom'

/** A part of a seed. A number and a string with the same text name the same stream. */
export type SeedPart = string | number

/**
 * A stream of random numbers that depends only on its seed.
 *
 * Streams are derived from names (`createRng(runSeed, 'trial', 12, 'weights')`), never from the order of arrival, so a
 * trial draws the same numbers on any worker and whenever it is repeated.
 */
export interface Rng {
  /** Uniform in [0, 1), 53 bits. */
  next(): number
  /** Uniform in [0, 1), 32 bits: twice as fast as `next`, enough for weights. */
  nextFloat(): number
  /** Uniform in 0..n-1. */
  integer(n: number): number
  /** Standard normal (Box-Muller). */
  normal(): number
  /** A uniformly random order of 0..n-1 (Fisher-Yates). */
  permutation(n: number): Uint32Array
  /** An independent stream whose seed is this stream's seed and `parts`. Does not advance this stream. */
  fork(...parts: readonly SeedPart[]): Rng
}

/** Joins seed parts; different lists of parts give different strings. */
export function seedText(parts: readonly SeedPart[]): string {
  return parts.map((part) => String(part).replaceAll('\\', '\\\\').replaceAll('/', '\\/')).join('/')
}

/** Creates the stream named by `parts`. The same parts give the same numbers on every machine and Node version. */
export function createRng(...parts: readonly SeedPart[]): Rng {
  return rngFromText(seedText(parts))
}

function rngFromText(text: string): Rng {
  const source = seedrandom(text)
  const integer = (n: number): number => Math.floor(source() * n)
  return {
    next: source,
    nextFloat: () => source.quick(),
    integer,
    normal() {
      // 1 - u lies in (0, 1], so the logarithm is finite.
      const radius = Math.sqrt(-2 * Math.log(1 - source()))
      return radius * Math.cos(2 * Math.PI * source())
    },
    permutation(n) {
      const order = Uint32Array.from({ length: n }, (_, i) => i)
      for (let i = n - 1; i > 0; i--) {
        const j = integer(i + 1)
        const held = order[i] as number
        order[i] = order[j] as number
        order[j] = held
      }
      return order
    },
    fork: (...parts) => rngFromText(`${text}/${seedText(parts)}`),
  }
}
