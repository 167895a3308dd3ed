import { types } from 'node:util'
import { type CutPoint, type NetworkSpec, type NodeSpec, nodeSize } from '../networks/network-spec.js'
import { lengthProblem, type NetworkWeights, weightNames } from '../networks/weights.js'
import { EngineError } from '../platform/errors.js'
import { checkSpec, requireObject, told } from './check-spec.js'
import type { Batch, FeatureBatch, FrozenBatchNorm, ProbeOptions, StepOptions } from './engine.js'

/*
 * Argument checks for all engines, applied by `checkedEngine`. Kernels can execute every call that passes them without
 * further checks. NaN and infinity in images and weights are not errors: they lead to a loss that is not finite.
 */

/** @throws EngineError if the network is invalid, or `weights` do not fit it. */
export function checkNetwork(spec: NetworkSpec, weights: NetworkWeights): void {
  checkSpec(spec)
  checkWeights(spec, weights)
}

/** @throws EngineError unless `batch` holds images of `node`, which is node 0, and their labels. */
export function checkBatch(batch: Batch, node: NodeSpec, classes: number): void {
  requireObject(batch, 'a batch')
  checkMaps('images', batch.images, batch.count, node)
  checkLabels(batch.labels, batch.count, classes)
}

/** @throws EngineError unless `batch` holds features of `node`, which is the frozen cut's, and their labels. */
export function checkFeatures(batch: FeatureBatch, node: NodeSpec, classes: number): void {
  requireObject(batch, 'a batch')
  checkMaps('features', batch.features, batch.count, node)
  checkLabels(batch.labels, batch.count, classes)
}

/** @throws EngineError unless `count` is a positive integer and `values` holds that many feature maps of `node`. */
export function checkMaps(what: 'images' | 'features', values: Float32Array, count: number, node: NodeSpec): void {
  if (!Number.isInteger(count) || count < 1) {
    throw new EngineError(`the count of a batch must be a positive integer, got ${told(count)}`)
  }
  requireFloat32(values, what)
  const expected = count * nodeSize(node)
  if (values.length !== expected) {
    const shape = [count, node.channels, node.height, node.width].join(' x ')
    throw new EngineError(`${count} ${what} must hold ${shape} = ${expected} values, got ${values.length}`)
  }
}

/** @throws EngineError unless there are `count` labels in 0..classes-1. */
export function checkLabels(labels: Int32Array, count: number, classes: number): void {
  if (!types.isInt32Array(labels)) throw new EngineError(`labels must be an Int32Array, got ${told(labels)}`)
  if (labels.length !== count) throw new EngineError(`a batch of ${count} needs ${count} labels, got ${labels.length}`)
  const wrong = labels.find((label) => label < 0 || label >= classes)
  if (wrong !== undefined) throw new EngineError(`labels must be in 0..${classes - 1}, got ${wrong}`)
}

/** @throws EngineError if a vector of `weights` does not have the length that the network needs. */
export function checkWeights(spec: NetworkSpec, weights: NetworkWeights): void {
  requireObject(weights, 'weights')
  for (const name of weightNames) requireFloat32(weights[name], `weights.${name}`)
  const problem = lengthProblem(spec, weights)
  if (problem !== null) throw new EngineError(`weights.${problem}`)
}

/** @throws EngineError unless every option of a training step is a number that SGD can use. */
export function checkStepOptions(options: StepOptions): void {
  requireObject(options, 'the options of a training step')
  for (const name of ['learningRate', 'momentum', 'weightDecay'] as const) {
    const value = options[name]
    if (!Number.isFinite(value) || value < 0)
      throw new EngineError(`${name} must be a finite number of at least 0, got ${told(value)}`)
  }
  if (typeof options.nesterov !== 'boolean')
    throw new EngineError(`nesterov must be true or false, got ${told(options.nesterov)}`)
  const { clipNorm } = options
  if (clipNorm !== null && !(Number.isFinite(clipNorm) && clipNorm > 0))
    throw new EngineError(`clipNorm must be null or a positive finite number, got ${told(clipNorm)}`)
}

/** @throws EngineError unless every option of a probe is valid. */
export function checkProbeOptions(options: ProbeOptions): void {
  requireObject(options, 'the options of a probe')
  requireOneOf('the objective of a probe', options.objective, ['cross-entropy', 'logit-sum'])
  requireOneOf('the batch norm of a probe', options.batchNorm, ['batch', 'bypass'])
  if (!Array.isArray(options.targets))
    throw new EngineError(`the targets of a probe must be an array, got ${told(options.targets)}`)
  for (const target of options.targets) {
    requireOneOf('a target of a probe', target, ['parameters', 'inputs', 'outputs'])
  }
}

/** @throws EngineError unless `points` are vectors of parameters, at least one. */
export function checkPoints(points: readonly Float32Array[], parameterCount: number): void {
  if (!Array.isArray(points) || points.length === 0)
    throw new EngineError(`points must be an array of at least one vector, got ${told(points)}`)
  for (const point of points) {
    requireFloat32(point, 'a point')
    if (point.length !== parameterCount)
      throw new EngineError(`a point must hold ${parameterCount} values for this network, got ${point.length}`)
  }
}

/** @throws EngineError unless `mode` is valid. */
export function checkFrozenBatchNorm(mode: FrozenBatchNorm): void {
  if (mode !== 'batch' && mode !== 'running')
    throw new EngineError(`the frozen batch norm must be "batch" or "running", got ${told(mode)}`)
}

/** @throws EngineError that lists the cuts, if the network has none named `name`. */
export function findCut(spec: NetworkSpec, name: string): CutPoint {
  const cut = spec.cuts.find((candidate) => candidate.name === name)
  if (cut !== undefined) return cut
  const known = spec.cuts.map((candidate) => candidate.name).join(', ') || 'none'
  throw new EngineError(`the network has no cut ${told(name)}; its cuts are: ${known}`)
}

/** @throws RangeError if the network has no such node. */
export function nodeAt(spec: NetworkSpec, node: number): NodeSpec {
  const found = spec.nodes[node]
  if (found === undefined) throw new RangeError(`node ${node} is not in the network of ${spec.nodes.length} nodes`)
  return found
}

function requireOneOf(what: string, value: unknown, choices: readonly string[]): void {
  if (typeof value !== 'string' || !choices.includes(value))
    throw new EngineError(`${what} must be one of ${choices.join(', ')}, got ${told(value)}`)
}

function requireFloat32(values: Float32Array, what: string): void {
  if (!types.isFloat32Array(values)) throw new EngineError(`${what} must be a Float32Array, got ${told(values)}`)
}
