import { nodeBackend } from './node-backend.js'
import type { Tensor4D, TensorFlow } from './tensorflow.js'

/**
 * `tf.relu` whose gradient is libtensorflow's one operation for it. The built-in gradient takes five on that backend,
 * and fills an array of ones in JavaScript for one of them.
 */
export function relu(tf: TensorFlow, x: Tensor4D): Tensor4D {
  const backend = nodeBackend(tf)
  if (backend === null) return tf.relu(x)
  const { TF_ATTR_TYPE, TF_FLOAT } = backend.binding
  const differentiable = tf.customGrad((...args) => {
    const [values, save] = args as [Tensor4D, (tensors: Tensor4D[]) => void]
    const value = tf.relu(values)
    save([value])
    return {
      value,
      gradFunc: (dy, saved) => {
        const attributes = [{ name: 'T', type: TF_ATTR_TYPE, value: TF_FLOAT }]
        return backend.executeSingleOutput('ReluGrad', attributes, [dy as Tensor4D, ...(saved as Tensor4D[])])
      },
    }
  })
  return differentiable(x) as Tensor4D
}
