import type { Batch, FeatureBatch, FrozenBatchNorm, StepOptions, TrainableNetwork } from '../../engines/engine.js'
import type { NetworkSpec } from '../../networks/network-spec.js'
import { parameterLayout } from '../../networks/parameters.js'
import type { NetworkWeights } from '../../networks/weights.js'
import { largest } from './suite.js'

/** A call of a network with its arguments. */
export type Call =
  | { readonly call: 'trainStep'; readonly batch: Batch; readonly options: StepOptions }
  | { readonly call: 'trainTailStep'; readonly batch: FeatureBatch; readonly options: StepOptions }
  | { readonly call: 'evaluate' | 'logits' | 'gradients'; readonly batch: Batch }
  | { readonly call: 'evaluateTail'; readonly batch: FeatureBatch }
  | { readonly call: 'featuresAt'; readonly batch: Batch; readonly cut: string; readonly mode: FrozenBatchNorm }

/** A result of a call. Two networks agree if its values differ by a small part of `scale`. */
export interface Quantity {
  readonly name: string
  readonly values: ArrayLike<number>
  readonly scale: number
}

/** Makes a call and returns all effects: results, and the changes of the weights. */
export function observe(network: TrainableNetwork, made: Call): Quantity[] {
  const before = network.weights()
  const moved = () => movements(network.spec, before, network.weights())
  switch (made.call) {
    case 'trainStep':
      return [...results(network.trainStep(made.batch, made.options)), ...moved()]
    case 'trainTailStep':
      return [...results(network.trainTailStep(made.batch, made.options)), ...moved()]
    case 'evaluate':
      return results(network.evaluate(made.batch))
    case 'evaluateTail':
      return results(network.evaluateTail(made.batch))
    case 'logits':
      return [quantity('logits', network.logits(made.batch.images, made.batch.count))]
    case 'gradients':
      return tensors(network.spec, 'gradient', network.gradients(made.batch))
    case 'featuresAt': {
      const features = network.featuresAt(made.cut, made.batch.images, made.batch.count, made.mode)
      return [quantity('features', features), ...moved()]
    }
  }
}

function results({ loss, correct }: { loss: number; correct: number }): Quantity[] {
  // No tolerance for the correct count.
  return [quantity('loss', [loss], 0.01), { name: 'correct', values: [correct], scale: 0 }]
}

function movements(spec: NetworkSpec, before: NetworkWeights, after: NetworkWeights): Quantity[] {
  const difference = (part: keyof NetworkWeights) => after[part].map((value, i) => value - (before[part][i] as number))
  // A float32 weight changes in steps of 2^-24 of itself: hundreds of these must be within the tolerance.
  const rounding = (part: keyof NetworkWeights) => 2e-3 * largest(before[part])
  return [
    ...tensors(spec, 'update', difference('parameters'), rounding('parameters')),
    quantity('running means', difference('runningMean'), rounding('runningMean')),
    quantity('running variances', difference('runningVariance'), rounding('runningVariance')),
  ]
}

/**
 * A flat parameter vector tensor by tensor. The gradient of some tensors is zero by symmetry (a shift or a scale before
 * a batch norm): there is only rounding, which is compared with a hundredth of the largest value of all.
 */
function tensors(spec: NetworkSpec, what: string, values: Float32Array, leastScale = 0): Quantity[] {
  const least = Math.max(leastScale, 0.01 * largest(values))
  return parameterLayout(spec).parameters.map(({ name, offset, size }) =>
    quantity(`${what} of ${name}`, values.subarray(offset, offset + size), least),
  )
}

function quantity(name: string, values: ArrayLike<number>, leastScale = 1e-3): Quantity {
  return { name, values, scale: Math.max(leastScale, largest(values)) }
}
