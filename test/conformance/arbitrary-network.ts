import fc from 'fast-check'
import type { NetworkSpec } from '../../src/networks/network-spec.js'
import { averagePool, buildNetwork, conv, skip, type UnnamedEdge } from './networks.js'

type Shape = [channels: number, height: number, width: number]

/** Every edge that the shapes of two nodes admit. */
function edgesBetween(from: number, to: number, source: Shape, target: Shape): UnnamedEdge[] {
  const sameChannels = source[0] === target[0]
  const sized = (size: (length: number) => number) => size(source[1]) === target[1] && size(source[2]) === target[2]
  const sameSize = sized((length) => length)
  const edges: UnnamedEdge[] = []
  for (const stride of [1, 2] as const) {
    if (!sized((length) => Math.ceil(length / stride))) continue
    for (const kernel of [1, 3] as const) {
      for (const relu of [true, false]) {
        for (const batchNorm of [true, false]) edges.push(conv(from, to, { kernel, stride, relu, batchNorm }))
      }
    }
  }
  if (sameChannels && sameSize) edges.push(skip(from, to), averagePool(from, to, 3))
  if (sameChannels && sized((length) => Math.floor(length / 2))) edges.push(averagePool(from, to, 2))
  return edges
}

/** The edges that depend on the image, given edges sorted by `to`. */
function reachable(edges: readonly UnnamedEdge[]): UnnamedEdge[] {
  const nodes = new Set([0])
  return edges.filter(({ from, to }) => nodes.has(from) && nodes.add(to))
}

/**
 * Random networks: up to six nodes of 1 to 6 channels whose sizes start at 4 to 9 pixels and shrink by half here and
 * there, one to nine edges of any kind that fits (also several between the same nodes), nodes that lead nowhere.
 *
 * Every edge depends on the image. One that does not gives constant maps, whose variance is rounding noise, and batch
 * norm makes any two engines differ by 1 / sqrt(epsilon) = 316 times that.
 */
export const arbitraryNetwork: fc.Arbitrary<NetworkSpec> = fc
  .record({
    image: fc.tuple(fc.integer({ min: 1, max: 3 }), fc.integer({ min: 4, max: 9 }), fc.integer({ min: 4, max: 9 })),
    steps: fc.array(
      fc.record({
        // Mostly as many channels as before, so that skips and pools fit.
        channels: fc.option(fc.integer({ min: 1, max: 6 }), { freq: 3 }),
        halve: fc.option(fc.constantFrom(Math.ceil, Math.floor), { freq: 1 }),
      }),
      { minLength: 1, maxLength: 5 },
    ),
    edges: fc.array(fc.record({ to: fc.nat(), from: fc.nat(), kind: fc.nat() }), { minLength: 3, maxLength: 9 }),
    classes: fc.integer({ min: 2, max: 5 }),
  })
  .map(({ image, steps, edges, classes }) => {
    const nodes: Shape[] = [image]
    for (const { channels, halve } of steps) {
      const [lastChannels, height, width] = nodes.at(-1) ?? image
      const shrink = (size: number) => (halve === null || size < 2 ? size : halve(size / 2))
      nodes.push([channels ?? lastChannels, shrink(height), shrink(width)])
    }
    const chosen = edges.flatMap((edge) => {
      const to = 1 + (edge.to % (nodes.length - 1))
      const from = edge.from % to
      const [source, target] = [nodes[from], nodes[to]]
      if (source === undefined || target === undefined) return []
      const fitting = edgesBetween(from, to, source, target)
      return fitting.slice(edge.kind % Math.max(1, fitting.length)).slice(0, 1)
    })
    const kept = reachable(chosen.toSorted((a, b) => a.to - b.to))
    const last = Math.max(0, ...kept.map(({ to }) => to))
    return buildNetwork(nodes.slice(0, last + 1), kept, { classes })
  })
  .filter(({ edges }) => edges.length > 0)
