import type { EdgeSpec, NetworkSpec } from '../../networks/network-spec.js'
import { nodeAt } from '../checks.js'
import { averagePool2x2, averagePool3x3 } from './average-pool.js'
import { type BatchNormVariables, normaliseByBatch, normaliseByRunning } from './batch-norm.js'
import { convolution } from './convolution.js'
import { depthwiseConvolution } from './depthwise-convolution.js'
import { normaliseByBatchFused } from './fused-batch-norm.js'
import { nodeBackend } from './node-backend.js'
import { relu } from './relu.js'
import type { Tensor2D, Tensor4D, TensorFlow } from './tensorflow.js'
import type { NetworkVariables } from './variables.js'

/**
 * Batch norm in a pass: `batch` normalises with the batch's statistics and updates the running ones, `batch-only` does
 * not update them, `running` normalises with the running ones, `bypass` is the identity.
 */
export type BatchNormMode = 'batch' | 'batch-only' | 'running' | 'bypass'

/** Hooks that may replace values computed in a pass. */
export interface PassHooks {
  /** The output of the convolution at `spec.edges[edge]`, before batch norm. */
  convolved?(edge: number, output: Tensor4D): Tensor4D
  /** The value of a node. */
  summed?(node: number, value: Tensor4D): Tensor4D
  /** The output of a ReLU: of `spec.edges[edge]`, or of the head for null. */
  rectified?(edge: number | null, input: Tensor4D): Tensor4D
}

/** The value of a node, `[count, height, width, channels]`: where a pass through the network starts. */
export interface NodeValue {
  readonly node: number
  readonly value: Tensor4D
}

/**
 * Runs the nodes after `start.node` up to `end` and returns the value of `end`. `start` must be the image or a cut:
 * edges that bypass it are on no path from input to head and contribute nothing.
 */
export function runNodes(
  tf: TensorFlow,
  spec: NetworkSpec,
  variables: NetworkVariables,
  start: NodeValue,
  end: number,
  mode: BatchNormMode,
  hooks: PassHooks = {},
): Tensor4D {
  const values = new Map([[start.node, start.value]])
  for (let node = start.node + 1; node <= end; node++) {
    const incoming: Tensor4D[] = []
    spec.edges.forEach((edge, index) => {
      const source = values.get(edge.from)
      if (edge.to === node && source !== undefined)
        incoming.push(runEdge(tf, edge, index, variables, source, mode, hooks))
    })
    const value = sum(tf, incoming) ?? emptyNode(tf, spec, node, start.value.shape[0])
    values.set(node, hooks.summed?.(node, value) ?? value)
  }
  return values.get(end) ?? start.value
}

/** From the value of the head's node to logits, `[count, classes]`. */
export function runHead(
  tf: TensorFlow,
  variables: NetworkVariables,
  value: Tensor4D,
  mode: BatchNormMode,
  hooks: PassHooks = {},
): Tensor2D {
  const { batchNorm, weight, bias } = variables.head
  const normalised = normalise(tf, value, batchNorm, mode)
  const activations = hooks.rectified?.(null, normalised) ?? relu(tf, normalised)
  const features = tf.mean(activations, [1, 2]) as Tensor2D
  return tf.add(tf.matMul(features, weight as unknown as Tensor2D, false, true), bias)
}

function runEdge(
  tf: TensorFlow,
  edge: EdgeSpec,
  index: number,
  variables: NetworkVariables,
  x: Tensor4D,
  mode: BatchNormMode,
  hooks: PassHooks,
): Tensor4D {
  switch (edge.op) {
    case 'skip':
      return x
    case 'avg-pool':
      return edge.kernel === 3 ? averagePool3x3(tf, x) : averagePool2x2(tf, x)
    case 'conv': {
      const { filter, batchNorm } = variables.convolution(index)
      const input = edge.relu ? (hooks.rectified?.(index, x) ?? relu(tf, x)) : x
      const weights = filter as unknown as Tensor4D
      const convolved = edge.depthwise
        ? depthwiseConvolution(tf, input, weights, edge)
        : convolution(tf, input, weights, edge.stride)
      const output = hooks.convolved?.(index, convolved) ?? convolved
      return batchNorm === null ? output : normalise(tf, output, batchNorm, mode)
    }
  }
}

function normalise(tf: TensorFlow, x: Tensor4D, variables: BatchNormVariables, mode: BatchNormMode): Tensor4D {
  const backend = nodeBackend(tf)
  if (mode === 'bypass') return x
  if (mode === 'running') return normaliseByRunning(tf, x, variables)
  return backend === null
    ? normaliseByBatch(tf, x, variables, mode === 'batch')
    : normaliseByBatchFused(tf, backend, x, variables, mode === 'batch')
}

function sum(tf: TensorFlow, terms: readonly Tensor4D[]): Tensor4D | undefined {
  const [first, ...rest] = terms
  return first === undefined ? undefined : rest.reduce((total, term) => tf.add(total, term), first)
}

function emptyNode(tf: TensorFlow, spec: NetworkSpec, node: number, count: number): Tensor4D {
  const { height, width, channels } = nodeAt(spec, node)
  return tf.zeros([count, height, width, channels])
}
