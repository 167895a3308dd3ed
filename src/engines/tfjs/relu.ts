import { nodeBackend } from './node-backend.js'
import type { Tensor4D, TensorFlow } from './tensorflow.js'

/**
 * `tf.relu` with libtensorflow's fused gradient. The built-in gradient takes five operations on that backend, one of
 * which fills an array of ones in JavaScript.
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
