import { ConfigError } from '../platform/errors.js'
import type { CutPoint, NetworkSpec } from './network-spec.js'

/**
 * The cut named `name` in `spec.cuts`. Aliases such as `last-stage` are separate cuts, at the node of the cut they
 * refer to.
 *
 * @throws ConfigError that lists the valid names.
 */
export function resolveCut(spec: NetworkSpec, name: string): CutPoint {
  const cut = spec.cuts.find((candidate) => candidate.name === name)
  if (cut !== undefined) return cut
  throw new ConfigError(
    `This network has no cut "${name}" (cuts, from the input to the head: ${spec.cuts.map((c) => c.name).join(', ')}).`,
  )
}
