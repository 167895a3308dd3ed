import type { Rng } from '../platform/rng.js'
import type { NetworkSpec } from './network-spec.js'
import { parameterLayout } from './parameters.js'

/** The weights of a network: flat vectors in the order of `parameterLayout`. */
export interface NetworkWeights {
  readonly parameters: Float32Array
  readonly runningMean: Float32Array
  readonly runningVariance: Float32Array
}

/** What is wrong with the lengths of weights for a network, such as `runningMean must hold 4 values ...`; null if they fit. */
export function lengthProblem(spec: NetworkSpec, weights: NetworkWeights): string | null {
  const { parameterCount, statisticsCount } = parameterLayout(spec)
  const lengths = { parameters: parameterCount, runningMean: statisticsCount, runningVariance: statisticsCount }
  for (const name of weightNames) {
    const { length } = weights[name]
    if (length !== lengths[name]) return `${name} must hold ${lengths[name]} values for this network, got ${length}`
  }
  return null
}

/** The vectors of a network's weights. */
export const weightNames = [
  'parameters',
  'runningMean',
  'runningVariance',
] as const satisfies readonly (keyof NetworkWeights)[]

/**
 * PyTorch's default initialisation: convolution and linear weights and the linear bias uniform in +-1/sqrt(fan in),
 * batch norm gamma 1, beta 0, running mean 0, running variance 1. The numbers come from the Rng, so every engine starts
 * from the same bits.
 */
export function initialWeights(spec: NetworkSpec, rng: Rng): NetworkWeights {
  const layout = parameterLayout(spec)
  const parameters = new Float32Array(layout.parameterCount)
  for (const parameter of layout.parameters) {
    const view = parameters.subarray(parameter.offset, parameter.offset + parameter.size)
    if (parameter.kind === 'bn-gamma') view.fill(1)
    else if (parameter.kind !== 'bn-beta') {
      const fanIn =
        parameter.kind === 'linear-bias'
          ? (spec.nodes[spec.head.node]?.channels ?? 1)
          : parameter.shape.slice(1).reduce((product, length) => product * length, 1)
      const bound = 1 / Math.sqrt(fanIn)
      for (let i = 0; i < view.length; i++) view[i] = bound * (2 * rng.nextFloat() - 1)
    }
  }
  return {
    parameters,
    runningMean: new Float32Array(layout.statisticsCount),
    runningVariance: new Float32Array(layout.statisticsCount).fill(1),
  }
}
