import type { NetworkSpec } from './network-spec.js'

/** The nodes on which the head depends. Edges are sorted by `to`, so one pass from the head down is enough. */
export function liveNodes({ edges, head }: Pick<NetworkSpec, 'edges' | 'head'>): ReadonlySet<number> {
  const found = new Set([head.node])
  for (const { from, to } of edges.toReversed()) if (found.has(to)) found.add(from)
  return found
}
