/** What a network says of an image. */
export interface Classification {
  /** The most probable class: the one with the largest logit, the first of several. */
  readonly label: number
  /** Its probability, in 0..1. */
  readonly probability: number
  /** Of all classes, in their order: the softmax of the logits. */
  readonly probabilities: Float32Array
}

/**
 * The classification that the logits of an image give. The class comes from the logits, as in the engines, since different
 * logits can round to the same probability.
 *
 * @example mostProbable(Float32Array.of(0, 2, 1)).label // 1
 */
export function mostProbable(logits: Float32Array): Classification {
  const label = logits.reduce((best, logit, at) => (logit > (logits[best] as number) ? at : best), 0)
  const most = logits[label] as number
  const powers = logits.map((logit) => Math.exp(logit - most))
  const sum = powers.reduce((total, power) => total + power, 0)
  const probabilities = powers.map((power) => power / sum)
  return { label, probability: probabilities[label] as number, probabilities }
}
