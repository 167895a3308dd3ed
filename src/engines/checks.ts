import { type CutPoint, type NetworkSpec, type NodeSpec, nodeSize } from '../networks/network-spec.js'
import { parameterLayout } from '../networks/parameters.js'
import type { NetworkWeights } from '../networks/weights.js'
import { EngineError } from '../platform/errors.js'

/** @throws EngineError unless `count` is a positive integer and `values` holds that many feature maps of `node`. */
export function checkMaps(what: 'images' | 'features', values: Float32Array, count: number, node: NodeSpec): void {
  if (!Number.isInteger(count) || count < 1) {
    throw new EngineError(`the count of a batch must be a positive integer, got ${count}`)
  }
  const expected = count * nodeSize(node)
  if (values.length !== expected) {
    const shape = [count, node.channels, node.height, node.width].join(' x ')
    throw new EngineError(`${count} ${what} must hold ${shape} = ${expected} values, got ${values.length}`)
  }
}

/** @throws EngineError unless there are `count` labels in 0..classes-1. */
export function checkLabels(labels: Int32Array, count: number, classes: number): void {
  if (labels.length !== count) throw new EngineError(`a batch of ${count} needs ${count} labels, got ${labels.length}`)
  const wrong = labels.find((label) => label < 0 || label >= classes)
  if (wrong !== undefined) throw new EngineError(`labels must lie in 0..${classes - 1}, got ${wrong}`)
}

/** @throws EngineError if a vector of `weights` has not the length the network needs. */
export function checkWeights(spec: NetworkSpec, weights: NetworkWeights): void {
  const { parameterCount, statisticsCount } = parameterLayout(spec)
  const check = (name: keyof NetworkWeights, expected: number) => {
    const got = weights[name].length
    if (got !== expected)
      throw new EngineError(`weights.${name} must hold ${expected} values for this network, got ${got}`)
  }
  check('parameters', parameterCount)
  check('runningMean', statisticsCount)
  check('runningVariance', statisticsCount)
}

/** @throws EngineError naming the cuts there are, if the network has none called `name`. */
export function findCut(spec: NetworkSpec, name: string): CutPoint {
  const cut = spec.cuts.find((candidate) => candidate.name === name)
  if (cut !== undefined) return cut
  const known = spec.cuts.map((candidate) => candidate.name).join(', ') || 'none'
  throw new EngineError(`the network has no cut "${name}"; its cuts are: ${known}`)
}

/** @throws RangeError if the network has no such node. */
export function nodeAt(spec: NetworkSpec, node: number): NodeSpec {
  const found = spec.nodes[node]
  if (found === undefined) throw new RangeError(`node ${node} is not in the network of ${spec.nodes.length} nodes`)
  return found
}
