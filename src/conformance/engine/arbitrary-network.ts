import fc from 'fast-check'
import type { NetworkSpec } from '../../networks/network-spec.js'
import { averagePool, buildNetwork, conv, depthwise, skip, type UnnamedEdge } from './networks.js'

type Shape = [channels: number, height: number, width: number]

/** Every edge that the shapes of two nodes admit. */
function edgesBetween(from: number, to: number, source: Shape, target: Shape): UnnamedEdge[] {
  const sameChannels = source[0] === target[0]
  const sized = (size: (length: number) => number) => size(source[1]) === target[1] && size(source[2]) === target[2]
  const sameSize = sized((length) => length)
  const edges: UnnamedEdge[] = []
  for (const stride of [1, 2] as const) {
    if (!sized((length) => Math.ceil(length / stride))) continue
    const flags = [true, false].flatMap((relu) => [true, false].map((batchNorm) => ({ stride, relu, batchNorm })))
    for (const options of flags) {
      for (const kernel of [1, 3] as const) edges.push(conv(from, to, { kernel, ...options }))
      if (!sameChannels) continue
      for (const kernel of [3, 5] as const) {
        for (const dilation of [1, 2] as const) edges.push(depthwise(from, to, { kernel, dilation, ...options }))
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

/** The nodes that no edge bypasses, up to the head: all possible cuts. */
function possibleCuts(edges: readonly UnnamedEdge[], head: number): Record<string, number> {
  const nodes = Array.from({ length: head }, (_, i) => i + 1)
  const isCut = (node: number) => !edges.some(({ from, to }) => from < node && to > node)
  return Object.fromEntries(nodes.filter(isCut).map((node) => [`node${node}`, node]))
}

function mostlyNull<T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | null> {
  return fc.oneof({ weight: 3, arbitrary: fc.constant(null) }, { weight: 1, arbitrary })
}

/** Without fast-check's bias towards small numbers. */
const anyNumber = fc.noBias(fc.nat({ max: 9_999 }))

/**
 * Random networks: up to seven nodes of 1 to 6 channels, sizes from 3 to 9 pixels that are sometimes halved, one to ten
 * edges of any fitting kind (also several between the same nodes), and dead ends. Every possible cut is included, named
 * `node` and its number.
 *
 * Every edge depends on the image. Otherwise maps would be constant, with a variance of rounding noise, which batch
 * norm amplifies by 1 / sqrt(epsilon) = 316.
 */
export const arbitraryNetwork: fc.Arbitrary<NetworkSpec> = fc
  .record({
    image: fc.tuple(fc.integer({ min: 1, max: 3 }), fc.integer({ min: 3, max: 9 }), fc.integer({ min: 3, max: 9 })),
    steps: fc.array(
      fc.record({
        // Mostly the same shape as before, so that skips and pools fit.
        channels: mostlyNull(fc.integer({ min: 1, max: 6 })),
        halve: mostlyNull(fc.constantFrom(Math.ceil, Math.floor)),
      }),
      { minLength: 1, maxLength: 6, size: 'max' },
    ),
    edges: fc.array(fc.record({ to: anyNumber, over: anyNumber, kind: anyNumber }), {
      minLength: 3,
      maxLength: 10,
      size: 'max',
    }),
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
      // Mostly from the node before, so that there are cuts.
      const from = to - 1 - (edge.over % 3 === 0 ? edge.over % to : 0)
      const [source, target] = [nodes[from], nodes[to]]
      if (source === undefined || target === undefined) return []
      const fitting = edgesBetween(from, to, source, target)
      return fitting.slice(edge.kind % Math.max(1, fitting.length)).slice(0, 1)
    })
    const kept = reachable(chosen.toSorted((a, b) => a.to - b.to))
    const last = Math.max(0, ...kept.map(({ to }) => to))
    return buildNetwork(nodes.slice(0, last + 1), kept, { classes, cuts: possibleCuts(kept, last) })
  })
  .filter(({ edges }) => edges.length > 0)
