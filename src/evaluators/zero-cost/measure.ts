import type { Batch, TrainableNetwork } from '../../engines/engine.js'
import { trainingFlops } from '../../networks/flops.js'
import type { NetworkSpec } from '../../networks/network-spec.js'
import { type ParameterSpec, parameterLayout } from '../../networks/parameters.js'
import type { NetworkWeights } from '../../networks/weights.js'

/** The measures by the names that papers use. */
export type MeasureName =
  | 'grad_norm'
  | 'plain'
  | 'snip'
  | 'grasp'
  | 'fisher'
  | 'jacob_cov'
  | 'synflow'
  | 'synflow_bn'
  | 'naswot'
  | 'params'
  | 'flops'

/** The input of a zero-cost measure: a network with its weights, usually untrained, and one batch of images. */
export interface MeasureInput {
  /** Has `weights` set and nothing frozen. A measure may set other weights, and must restore these. */
  readonly network: TrainableNetwork
  readonly weights: NetworkWeights
  readonly batch: Batch
}

/**
 * A score for an architecture without training. Higher is better. NaN if the measure is undefined, for example for a
 * network whose output does not depend on its input.
 *
 * Definitions are those of the code behind arXiv 2101.08134 (zero-cost-nas), which FEAR's authors ran: sums go over the
 * weights of convolutions and of the linear layer only, never over batch norms or biases, and nothing is normalised.
 */
export interface Measure {
  readonly name: MeasureName
  /** One line for the help text. */
  readonly description: string
  /** Number of forward and backward passes; `images` says of what. */
  readonly passes: number
  /** The images in a pass: the batch, or one of ones. */
  readonly images: 'batch' | 'one'
  measure(input: MeasureInput): number
}

/** FLOPs of a measure of one network. */
export function measureFlops({ passes, images }: Measure, spec: NetworkSpec, batch: number): number {
  return passes * trainingFlops(spec) * (images === 'batch' ? batch : 1)
}

/** The tensors that measures sum over: weights of convolutions and of the linear layer. */
export function measuredTensors(spec: NetworkSpec): readonly ParameterSpec[] {
  return parameterLayout(spec).parameters.filter(({ kind }) => kind === 'conv' || kind === 'linear-weight')
}

/** The sum of `term(weight, gradient)` over the measured tensors, in double precision. */
export function sumOverWeights(
  { network, weights }: MeasureInput,
  gradients: Float32Array,
  term: (weight: number, gradient: number) => number,
): number {
  let sum = 0
  for (const { offset, size } of measuredTensors(network.spec)) {
    for (let i = offset; i < offset + size; i++) sum += term(weights.parameters[i] as number, gradients[i] as number)
  }
  return sum
}
