import type tfjs from '@tensorflow/tfjs'

/**
 * The `tf` namespace. Passed as an argument everywhere, so that the same code runs on any package that exports it
 * (`@tensorflow/tfjs`, `@tensorflow/tfjs-node`, `@tensorflow/tfjs-node-gpu`) and importing it stays lazy.
 */
export type TensorFlow = typeof tfjs

export type { Scalar, Tensor, Tensor1D, Tensor2D, Tensor4D, Variable } from '@tensorflow/tfjs'
