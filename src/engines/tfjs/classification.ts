import type { StepResult } from '../engine.js'
import type { Scalar, Tensor2D, TensorFlow } from './tensorflow.js'

/** Mean cross-entropy of `logits` against `labels`, as a scalar tensor to differentiate. */
export function crossEntropy(tf: TensorFlow, logits: Tensor2D, labels: Int32Array): Scalar {
  const [count, classes] = logits.shape
  const oneHot = new Float32Array(count * classes)
  labels.forEach((label, image) => {
    oneHot[image * classes + label] = 1
  })
  const logLikelihoods = tf.mul(tf.logSoftmax(logits), tf.tensor2d(oneHot, [count, classes]))
  return tf.div(tf.sum(logLikelihoods), -count)
}

/**
 * Mean cross-entropy and correct count of logits `[labels.length, classes]`, in double precision. Ties go to the
 * lowest class.
 */
export function classify(logits: Float32Array, labels: Int32Array): StepResult {
  const classes = logits.length / labels.length
  let lossSum = 0
  let correct = 0
  labels.forEach((label, image) => {
    const row = logits.subarray(image * classes, (image + 1) * classes)
    const largest = row.reduce((max, logit) => Math.max(max, logit), -Infinity)
    const normaliser = row.reduce((sum, logit) => sum + Math.exp(logit - largest), 0)
    lossSum += largest + Math.log(normaliser) - (row[label] as number)
    if (row.indexOf(largest) === label) correct++
  })
  return { loss: lossSum / labels.length, correct }
}
