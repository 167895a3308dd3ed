import { logDeterminantAndInverseTrace } from '../../statistics/cholesky.js'
import { correlationMatrix } from '../../statistics/correlation-matrix.js'
import type { Measure, MeasureInput } from './measure.js'

/** Added to each eigenvalue. */
const ridge = 1e-5

/**
 * How differently the network sees the images of a batch ("neural architecture search without training", first version of
 * arXiv 2006.04647): with C the correlation matrix of the images' Jacobians (of the sum of all logits, with respect to
 * the image) and v its eigenvalues, -sum(log(v + 1e-5) + 1 / (v + 1e-5)). Not a number where a Jacobian is constant.
 */
export const jacobianCovariance: Measure = {
  name: 'jacob_cov',
  description: "correlation of the images' Jacobians",
  passes: 1,
  images: 'batch',
  measure: correlationScore,
}

/** The same: FEAR's authors ran the first version of NASWOT under both names, not the later one of ReLU patterns. */
export const naswot: Measure = { ...jacobianCovariance, name: 'naswot', description: 'jacob_cov by another name' }

function correlationScore({ network, batch }: MeasureInput): number {
  const options = { objective: 'logit-sum', batchNorm: 'batch', targets: ['inputs'] } as const
  const { inputs } = network.probe(batch, options)
  const correlations = correlationMatrix(inputs, batch.count)
  for (let i = 0; i < batch.count; i++) {
    const diagonal = i * (batch.count + 1)
    correlations[diagonal] = (correlations[diagonal] as number) + ridge
  }
  const { logDeterminant, inverseTrace } = logDeterminantAndInverseTrace(correlations, batch.count)
  return -(logDeterminant + inverseTrace)
}
