import type { ProbeOptions } from '../../engines/engine.js'
import { inputShape, nodeSize } from '../../networks/network-spec.js'
import { type Measure, type MeasureInput, sumOverWeights } from './measure.js'

/**
 * SynFlow (arXiv 2006.05467): with every weight replaced by its magnitude and batch norm left out, the sum over weights
 * of |w dR/dw|, R the sum of the logits of one image of ones. Needs no data. About 1e40 for a deep network: the engine
 * divides by powers of two on the way, and this sum is in double precision.
 */
export const synflow: Measure = {
  name: 'synflow',
  description: 'flow of one image of ones through the magnitudes of the weights, without batch norm',
  passes: 1,
  images: 'one',
  measure: (input) => flow(input, 'bypass'),
}

/** The same with batch norm kept, which normalises by the one image's own statistics. */
export const synflowBatchNorm: Measure = {
  name: 'synflow_bn',
  description: 'synflow with batch norm',
  passes: 1,
  images: 'one',
  measure: (input) => flow(input, 'batch'),
}

function flow(input: MeasureInput, batchNorm: ProbeOptions['batchNorm']): number {
  const { network, weights } = input
  const images = new Float32Array(nodeSize(inputShape(network.spec))).fill(1)
  network.setWeights({
    parameters: weights.parameters.map(Math.abs),
    runningMean: weights.runningMean.map(Math.abs),
    runningVariance: weights.runningVariance,
  })
  const { parameters, exponent } = network.probe(
    { images, labels: new Int32Array(1), count: 1 },
    { objective: 'logit-sum', batchNorm, targets: ['parameters'] },
  )
  network.setWeights(weights)
  return sumOverWeights(input, parameters, (w, g) => Math.abs(w * g)) * 2 ** exponent
}
