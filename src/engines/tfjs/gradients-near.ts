import { inputShape, type NetworkSpec } from '../../networks/network-spec.js'
import type { Batch } from '../engine.js'
import { crossEntropy } from './classification.js'
import { channelsLast } from './data-layout.js'
import { type PassHooks, runHead, runNodes } from './graph.js'
import type { Tensor4D, TensorFlow } from './tensorflow.js'
import type { NetworkVariables } from './variables.js'

/** See `TrainableNetwork.gradientsNear`. To be called within a scope that frees its tensors. */
export function gradientsNear(
  tf: TensorFlow,
  spec: NetworkSpec,
  variables: NetworkVariables,
  { images, labels, count }: Batch,
  points: readonly Float32Array[],
): Float32Array[] {
  const { channels, height, width } = inputShape(spec)
  const image = tf.tensor4d(channelsLast(images, channels, height * width), [count, height, width, channels])
  const run = (hooks: PassHooks) => {
    const end = runNodes(tf, spec, variables, { node: 0, value: image }, spec.head.node, 'batch-only', hooks)
    return runHead(tf, variables, end, 'batch-only', hooks)
  }
  /** Ones where a ReLU lets its input through, by its edge. */
  const pattern = new Map<number | null, Tensor4D>()
  run({
    rectified(edge, input) {
      pattern.set(edge, tf.step(input))
      return tf.relu(input)
    },
  })
  const present = variables.read()
  try {
    return points.map((parameters) => {
      variables.assign({ ...present, parameters })
      const { grads } = tf.variableGrads(() => {
        const logits = run({ rectified: (edge, input) => tf.mul(input, pattern.get(edge) as Tensor4D) })
        return crossEntropy(tf, logits, labels)
      }, [...variables.parameters])
      return variables.flatten(variables.parameters.map(({ name }) => grads[name]))
    })
  } finally {
    variables.assign(present)
  }
}
