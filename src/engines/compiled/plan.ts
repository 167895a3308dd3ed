import type { EdgeSpec, NetworkSpec } from '../../networks/network-spec.js'
import { type ParameterLayout, parameterLayout } from '../../networks/parameters.js'

/** Version of the format below; native/network/plan.cpp refuses any other. */
const planVersion = 2

const operationCodes: Readonly<Record<EdgeSpec['op'], number>> = { conv: 0, skip: 1, 'avg-pool': 2 }

/**
 * A network as the addon reads it: version, classes, number of nodes and of edges, head node, the head's offsets into
 * parameters and statistics; per node channels, height, width; per edge operation, from, to, kernel, stride, dilation,
 * whether depthwise, ReLU, batch norm, and its offsets into parameters and statistics.
 */
export function encodePlan(spec: NetworkSpec): Int32Array {
  const layout = parameterLayout(spec)
  const head = offsetsOf(layout, null)
  return Int32Array.from([
    planVersion,
    spec.classes,
    spec.nodes.length,
    spec.edges.length,
    spec.head.node,
    head.parameters,
    head.statistics,
    ...spec.nodes.flatMap(({ channels, height, width }) => [channels, height, width]),
    ...spec.edges.flatMap((edge, index) => encodeEdge(edge, offsetsOf(layout, index))),
  ])
}

interface Offsets {
  readonly parameters: number
  readonly statistics: number
}

/** Offsets of the parameters and statistics of an edge, or of the head (null). 0 if it has none. */
function offsetsOf(layout: ParameterLayout, edge: number | null): Offsets {
  return {
    parameters: layout.parameters.find((parameter) => parameter.edge === edge)?.offset ?? 0,
    statistics: layout.batchNorms.find((batchNorm) => batchNorm.edge === edge)?.offset ?? 0,
  }
}

function encodeEdge(edge: EdgeSpec, { parameters, statistics }: Offsets): number[] {
  const kernel = edge.op === 'skip' ? 1 : edge.kernel
  const none = { stride: 1, dilation: 1, depthwise: false, relu: false, batchNorm: false }
  const { stride, dilation = 1, depthwise = false, relu, batchNorm } = edge.op === 'conv' ? edge : none
  const flags = [depthwise, relu, batchNorm].map(Number)
  return [operationCodes[edge.op], edge.from, edge.to, kernel, stride, dilation, ...flags, parameters, statistics]
}
