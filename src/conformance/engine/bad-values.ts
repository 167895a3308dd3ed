import type { StepOptions } from '../../engines/engine.js'
import type { EdgeSpec, NetworkSpec } from '../../networks/network-spec.js'
import { cellNetwork } from './networks.js'
import { makeBatch } from './suite.js'

const spec = cellNetwork(3)

/** Casts a value past the type checker. */
export function wrong<T>(value: unknown): T {
  return value as T
}

const length = makeBatch(spec, 8).images.length

/** Invalid values for a Float32Array; those with a length have the right one for 8 images. */
export const notFloats: ReadonlyMap<string, Float32Array> = new Map(
  Object.entries({
    'a Float64Array': new Float64Array(length),
    'an Int32Array': new Int32Array(length),
    'an Int8Array': new Int8Array(length),
    'a BigInt64Array': new BigInt64Array(length),
    'a plain array': Array.from({ length }, () => 0),
    'a DataView': new DataView(new ArrayBuffer(4 * length)),
    'an ArrayBuffer': new ArrayBuffer(4 * length),
    'something like an array': { length },
    'an object with the prototype of a Float32Array': Object.create(Float32Array.prototype),
    'a string': '0'.repeat(length),
    null: null,
    undefined: undefined,
  }).map(([what, value]) => [what, wrong<Float32Array>(value)]),
)

/** Invalid values for 8 labels. */
export const notLabels: ReadonlyMap<string, Int32Array> = new Map(
  Object.entries({
    'a Uint8Array': new Uint8Array(8),
    'a Uint32Array': new Uint32Array(8),
    'a Float32Array': new Float32Array(8),
    'a BigInt64Array': new BigInt64Array(8),
    'a plain array': [0, 1, 2, 3, 4, 0, 1, 2],
    null: null,
    undefined: undefined,
    'the largest integers': new Int32Array(8).fill(2 ** 31 - 1),
    'the smallest integers': new Int32Array(8).fill(-(2 ** 31)),
  }).map(([what, value]) => [what, wrong<Int32Array>(value)]),
)

/** Invalid values for an object. */
export const notObjects: ReadonlyMap<string, unknown> = new Map<string, unknown>([
  ['null', null],
  ['undefined', undefined],
  ['a number', 3],
  ['a string', 'cells.99'],
  ['a function', () => 1],
  ['an empty object', {}],
  ['an empty array', []],
])

/** Invalid values for the options of a training step. */
export const badOptions: Readonly<Record<keyof StepOptions, readonly unknown[]>> = {
  learningRate: [Number.NaN, Number.POSITIVE_INFINITY, -0.1, '0.1', null, undefined],
  momentum: [Number.NaN, Number.POSITIVE_INFINITY, -0.9, '0.9', null, undefined],
  weightDecay: [Number.NaN, Number.POSITIVE_INFINITY, -5e-4, '5e-4', null, undefined],
  nesterov: [0, 1, 'yes', null, undefined],
  clipNorm: [Number.NaN, Number.POSITIVE_INFINITY, 0, -5, '5', undefined],
}

/** The network of the checks with one edge changed. */
function withEdge(index: number, change: Readonly<Record<string, unknown>>): NetworkSpec {
  return { ...spec, edges: spec.edges.map((edge, i) => (i === index ? wrong<EdgeSpec>({ ...edge, ...change }) : edge)) }
}

function withNode(index: number, change: Readonly<Record<string, unknown>>): NetworkSpec {
  return { ...spec, nodes: spec.nodes.map((node, i) => (i === index ? { ...node, ...change } : node)) }
}

/** Invalid networks, each the network of the checks with one change. Edge 1 is a 3x3 pool, edge 2 a skip. */
export const brokenNetworks: ReadonlyMap<string, NetworkSpec> = new Map([
  ['no nodes', { ...spec, nodes: [] }],
  ['nodes that are no array', wrong<NetworkSpec>({ ...spec, nodes: { length: 11 } })],
  ['a node that is nothing', { ...spec, nodes: wrong<NetworkSpec['nodes']>([null, ...spec.nodes.slice(1)]) }],
  ['zero channels', withNode(2, { channels: 0 })],
  ['a negative height', withNode(0, { height: -8 })],
  ['a width that is no integer', withNode(0, { width: 7.5 })],
  ['NaN pixels', withNode(3, { height: Number.NaN })],
  ['more pixels than 32 bits count', withNode(0, { height: 2 ** 32 + 8 })],
  ['a node of another shape than its edges give', withNode(3, { height: 9 })],
  ['no classes', { ...spec, classes: 0 }],
  ['half a class', { ...spec, classes: 4.5 }],
  ['edges that are no array', wrong<NetworkSpec>({ ...spec, edges: null })],
  ['an edge that is nothing', { ...spec, edges: wrong<EdgeSpec[]>([...spec.edges, undefined]) }],
  ['an edge to nowhere', withEdge(12, { to: 11 })],
  ['an edge from nowhere', withEdge(0, { from: -1 })],
  ['an edge from a node that is no integer', withEdge(0, { from: 0.5 })],
  ['an edge from a node to itself', withEdge(2, { from: 3 })],
  ['an edge that runs backwards', withEdge(2, { from: 4, to: 3 })],
  ['edges out of order', { ...spec, edges: spec.edges.toReversed() }],
  ['an unknown operation', withEdge(1, { op: 'max-pool' })],
  ['a kernel that is too large', withEdge(0, { kernel: 5 })],
  ['a dilation that only depthwise convolutions have', withEdge(0, { dilation: 2 })],
  ['a depthwise convolution that changes the channels', withEdge(0, { depthwise: true })],
  ['a depthwise flag that is no truth value', withEdge(0, { depthwise: 1 })],
  ['no stride', withEdge(0, { stride: 0 })],
  ['a stride that does not lead to its node', withEdge(0, { stride: 2 })],
  ['a pooling kernel there is not', withEdge(1, { op: 'avg-pool', kernel: 1 })],
  ['a flag that is no truth value', withEdge(0, { relu: 'yes' })],
  ['two edges of one name', withEdge(1, { name: 'edge0' })],
  ['an edge without a name', withEdge(1, { name: undefined })],
  ['no head', wrong<NetworkSpec>({ ...spec, head: null })],
  ['a head on no node', { ...spec, head: { node: 11 } }],
  ['a head before the last node', { ...spec, head: { node: 7 } }],
  ['cuts that are no array', wrong<NetworkSpec>({ ...spec, cuts: undefined })],
  ['a cut at no node', { ...spec, cuts: [{ name: 'cut', node: 99 }] }],
  ['a cut at the image', { ...spec, cuts: [{ name: 'cut', node: 0 }] }],
  ['a cut that an edge leads past', { ...spec, cuts: [{ name: 'cut', node: 2 }] }],
  [
    'two cuts of one name',
    {
      ...spec,
      cuts: [
        { name: 'cut', node: 1 },
        { name: 'cut', node: 4 },
      ],
    },
  ],
])
