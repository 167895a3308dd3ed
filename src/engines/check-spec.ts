import type { ConvEdge, EdgeSpec, NetworkSpec, NodeSpec } from '../networks/network-spec.js'
import { EngineError } from '../platform/errors.js'

/** Limits beyond any real network, and small enough that every offset is a 32-bit integer. */
const mostChannels = 1_000_000

/**
 * Checks a network description before an engine relies on it: all parts exist, edges run forwards between nodes of
 * matching shapes, in the order of the parameters, no edge bypasses a cut, and the head is on the last node.
 *
 * @throws EngineError naming the first problem.
 */
export function checkSpec(spec: NetworkSpec): void {
  const { nodes, edges, head, cuts } = requireParts(spec)
  requireInteger(spec.classes, 1, mostChannels, 'classes')
  if (nodes.length === 0) throw new EngineError('a network needs a node 0, its image; got no nodes')
  nodes.forEach((node, index) => {
    for (const side of ['channels', 'height', 'width'] as const)
      requireInteger(requireObject(node, `nodes[${index}]`)[side], 1, mostChannels, `nodes[${index}].${side}`)
  })
  if (head.node !== nodes.length - 1)
    throw new EngineError(`head.node must be the last node, ${nodes.length - 1}, got ${told(head.node)}`)

  const names = new Set<string>()
  edges.forEach((edge, index) => {
    checkEdge(edge, index, nodes)
    if (edge.to < (edges[index - 1]?.to ?? 0))
      throw new EngineError(`edges[${index}] must come before: sort edges by to`)
    requireNewName(names, edge.name, `edges[${index}]`)
  })

  names.clear()
  cuts.forEach((cut, index) => {
    const what = `cuts[${index}]`
    requireNewName(names, requireObject(cut, what).name, what)
    requireInteger(cut.node, 1, head.node, `${what}.node`)
    const past = edges.find(({ from, to }) => from < cut.node && to > cut.node)
    if (past !== undefined)
      throw new EngineError(`the cut "${cut.name}" does not cut: edge "${past.name}" leads past it`)
  })
}

function requireParts(spec: NetworkSpec): NetworkSpec {
  requireObject(spec, 'the network')
  for (const part of ['nodes', 'edges', 'cuts'] as const) {
    if (!Array.isArray(spec[part]))
      throw new EngineError(`the network's ${part} must be an array, got ${told(spec[part])}`)
  }
  requireObject(spec.head, 'head')
  return spec
}

function checkEdge(edge: EdgeSpec, index: number, nodes: readonly NodeSpec[]): void {
  const what = `edges[${index}]`
  requireObject(edge, what)
  requireInteger(edge.from, 0, nodes.length - 2, `${what}.from`)
  requireInteger(edge.to, edge.from + 1, nodes.length - 1, `${what}.to`)
  const [from, to] = [nodes[edge.from] as NodeSpec, nodes[edge.to] as NodeSpec]
  const shape = outputShape(edge, from, to, what)
  if (shape.channels !== to.channels || shape.height !== to.height || shape.width !== to.width) {
    throw new EngineError(
      `edge "${edge.name}" from node ${edge.from} to node ${edge.to} gives the shape ${shapeText(shape)}, but the node has ${shapeText(to)}`,
    )
  }
}

/**
 * The output shape of an edge from `from`; a convolution has as many output channels as its target, except for a
 * depthwise one.
 */
function outputShape(edge: EdgeSpec, from: NodeSpec, to: NodeSpec, what: string): NodeSpec {
  switch (edge.op) {
    case 'skip':
      return from
    case 'avg-pool':
      requireOneOf(edge.kernel, [2, 3], `${what}.kernel`)
      return edge.kernel === 3 ? from : resized(from, from.channels, (size) => Math.floor(size / 2))
    case 'conv':
      checkConvolution(edge, what)
      return resized(from, edge.depthwise ? from.channels : to.channels, (size) => Math.ceil(size / edge.stride))
    default:
      throw new EngineError(`${what}.op must be conv, skip or avg-pool, got ${told((edge as ConvEdge).op)}`)
  }
}

function checkConvolution(edge: ConvEdge, what: string): void {
  requireOneOf(edge.depthwise, [true, false, undefined], `${what}.depthwise`)
  // Large and dilated kernels are only needed by separable convolutions, whose channels are combined by a 1x1 kernel.
  requireOneOf(edge.kernel, edge.depthwise ? [1, 3, 5] : [1, 3], `${what}.kernel`)
  requireOneOf(edge.dilation, edge.depthwise ? [1, 2, undefined] : [1, undefined], `${what}.dilation`)
  requireOneOf(edge.stride, [1, 2], `${what}.stride`)
  for (const flag of ['relu', 'batchNorm'] as const) requireOneOf(edge[flag], [true, false], `${what}.${flag}`)
}

function resized({ height, width }: NodeSpec, channels: number, size: (length: number) => number): NodeSpec {
  return { channels, height: size(height), width: size(width) }
}

function shapeText({ channels, height, width }: NodeSpec): string {
  return [channels, height, width].join(' x ')
}

function requireNewName(names: Set<string>, name: string, what: string): void {
  if (typeof name !== 'string') throw new EngineError(`${what}.name must be a string, got ${told(name)}`)
  if (names.has(name)) throw new EngineError(`${what} has a name that is already taken: "${name}"`)
  names.add(name)
}

function requireInteger(value: number, low: number, high: number, what: string): void {
  if (Number.isInteger(value) && value >= low && value <= high) return
  throw new EngineError(`${what} must be an integer in ${low}..${high}, got ${told(value)}`)
}

function requireOneOf<T>(value: T, allowed: readonly T[], what: string): void {
  if (!allowed.includes(value)) throw new EngineError(`${what} must be ${allowed.join(' or ')}, got ${told(value)}`)
}

/** @throws EngineError unless `value` is an object. */
export function requireObject<T>(value: T, what: string): T {
  if (typeof value === 'object' && value !== null) return value
  throw new EngineError(`${what} must be an object, got ${told(value)}`)
}

/** A value for a message: the value if it is short, otherwise its kind. */
export function told(value: unknown): string {
  if (typeof value === 'string') return value.length < 40 ? `"${value}"` : 'a long string'
  if (typeof value === 'object' && value !== null) return `a ${value.constructor?.name ?? 'object'}`
  return typeof value === 'function' ? 'a function' : String(value)
}
