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

/** What a zero-cost measure looks at: a network with its weights, usually untrained ones, and one batch of images. */
export interface MeasureInput {
  /** Holds `weights`, and nothing frozen. Measures may set others, and set these again. */
  readonly network: TrainableNetwork
  readonly weights: NetworkWeights
  readonly batch: Batch
}

/**
 * A number that is to tell good architectures from bad ones without training. Higher is better. Not a number where the
 * measure is not defined, as in a network whose output does not depend on its input.
 *
 * Definitions are those of the code behind arXiv 2101.08134 (zero-cost-nas), which FEAR's authors ran: sums go over the
 * weights of convolutions and of the linear layer only, never over batch norms or biases, and nothing is normalised.
 */
export interface Measure {
  readonly name: MeasureName
  /** One line for people. */
  readonly description: string
  /** Batches that go through the network forward and back; what one batch is, `images` says. */
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
