import type { Rng } from '../platform/rng.js'

/**
 * The stream that `create` makes, created at its first use. Seeding a generator costs more than everything else the
 * driver does for a trial, and random search never draws from its stream.
 */
export function lazyRng(create: () => Rng): Rng {
  let created: Rng | null = null
  const rng = (): Rng => {
    created ??= create()
    return created
  }
  return {
    next: () => rng().next(),
    nextFloat: () => rng().nextFloat(),
    integer: (n) => rng().integer(n),
    normal: () => rng().normal(),
    permutation: (n) => rng().permutation(n),
    fork: (...parts) => rng().fork(...parts),
  }
}
