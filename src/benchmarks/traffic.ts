import { resolveCut } from '../networks/cuts.js'
import type { EdgeSpec, NetworkSpec } from '../networks/network-spec.js'
import { nodeSize } from '../networks/network-spec.js'
import { type BenchmarkCase, benchmarkNetwork } from './workload.js'

/**
 * Bytes that running a case once moves if every operation reads its operands from memory and writes its result there,
 * float32: forward the input and the output of an edge, backward the output's gradient, the input (weights and ReLU
 * need it) and the input's gradient. Batch norm, ReLU and sums are assumed to be fused; weights and the head are small.
 *
 * Together with the FLOPs this gives the arithmetic intensity for a roofline. An engine that keeps maps in the cache
 * moves less.
 */
export function benchmarkTraffic(one: BenchmarkCase, spec: NetworkSpec = benchmarkNetwork(one)): number {
  const frozenAt = one.kind === 'tail' ? resolveCut(spec, one.cut ?? 'last-stage').node : 0
  const edges = spec.edges.filter(({ to }) => to > frozenAt)
  const values = edges.reduce((sum, edge) => sum + edgeValues(one, spec, edge, frozenAt), 0)
  return one.batch * Float32Array.BYTES_PER_ELEMENT * values
}

/** Values of one image that an edge reads and writes. */
function edgeValues({ kind }: BenchmarkCase, spec: NetworkSpec, edge: EdgeSpec, frozenAt: number): number {
  const [input, output] = [edge.from, edge.to].map((node) => {
    const shape = spec.nodes[node]
    if (shape === undefined) throw new RangeError(`edge ${edge.name} leads out of the network`)
    return nodeSize(shape)
  }) as [number, number]
  const forward = input + output
  if (kind === 'evaluate') return forward
  const inputGradient = edge.from <= frozenAt ? 0 : input
  const operandsOfWeights = edge.op === 'conv' ? input : 0
  return forward + output + operandsOfWeights + inputGradient
}
