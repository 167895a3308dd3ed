import type { Tensor, TensorFlow } from './tensorflow.js'

/**
 * The part of the backend of `@tensorflow/tfjs-node` and `-gpu` that is used here: it runs any libtensorflow operation.
 */
export interface NodeBackend {
  readonly isUsingGpuDevice: boolean
  readonly binding: {
    readonly TF_Version: string
    readonly TF_FLOAT: number
    readonly TF_ATTR_TYPE: number
    readonly TF_ATTR_FLOAT: number
    readonly TF_ATTR_BOOL: number
    readonly TF_ATTR_STRING: number
  }
  executeSingleOutput(name: string, attributes: readonly OperationAttribute[], inputs: readonly Tensor[]): Tensor
  executeMultipleOutputs(
    name: string,
    attributes: readonly OperationAttribute[],
    inputs: readonly Tensor[],
    outputs: number,
  ): Tensor[]
}

/** An attribute of an operation: its type one of the binding's `TF_ATTR_...`. */
export interface OperationAttribute {
  readonly name: string
  readonly type: number
  readonly value: unknown
}

/** The backend in use if it is libtensorflow's, else null. */
export function nodeBackend(tf: TensorFlow): NodeBackend | null {
  return tf.getBackend() === 'tensorflow' ? (tf.backend() as unknown as NodeBackend) : null
}
