import { type BatchNormVariables, batchNormEpsilon, moveRunning } from './batch-norm.js'
import type { NodeBackend } from './node-backend.js'
import type { Tensor, Tensor1D, Tensor4D, TensorFlow } from './tensorflow.js'

/**
 * Normalises with the batch's own statistics by libtensorflow's fused operation (cuDNN's on a GPU), and updates the
 * running statistics if `updates`; differentiable. tfjs offers this operation for inference only.
 */
export function normaliseByBatchFused(
  tf: TensorFlow,
  backend: NodeBackend,
  x: Tensor4D,
  variables: BatchNormVariables,
  updates: boolean,
): Tensor4D {
  const attributes = fusedAttributes(backend)
  const differentiable = tf.customGrad((...args) => {
    const [image, gamma, beta, save] = args as [Tensor4D, Tensor1D, Tensor1D, (tensors: Tensor[]) => void]
    // With the batch's own statistics, the running ones are not an input: empty.
    const none = tf.tensor1d([], 'float32')
    const [value, mean, unbiasedVariance, ...reserved] = backend.executeMultipleOutputs(
      'FusedBatchNormV3',
      attributes,
      [image, gamma, beta, none, none],
      6,
    ) as [Tensor4D, Tensor1D, Tensor1D, Tensor, Tensor, Tensor]
    if (updates) moveRunning(tf, variables, { mean, unbiasedVariance })
    save([image, gamma, ...reserved])
    return {
      value,
      gradFunc: (dy, saved) =>
        backend
          .executeMultipleOutputs('FusedBatchNormGradV3', attributes, [dy as Tensor, ...(saved as Tensor[])], 5)
          .slice(0, 3),
    }
  })
  return differentiable(x, variables.gamma, variables.beta) as Tensor4D
}

function fusedAttributes({ binding }: NodeBackend) {
  return [
    { name: 'T', type: binding.TF_ATTR_TYPE, value: binding.TF_FLOAT },
    { name: 'U', type: binding.TF_ATTR_TYPE, value: binding.TF_FLOAT },
    { name: 'epsilon', type: binding.TF_ATTR_FLOAT, value: batchNormEpsilon },
    { name: 'data_format', type: binding.TF_ATTR_STRING, value: 'NHWC' },
    { name: 'is_training', type: binding.TF_ATTR_BOOL, value: true },
  ]
}
