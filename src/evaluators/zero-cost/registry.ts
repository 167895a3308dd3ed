import { closest } from '../../platform/closest.js'
import { ConfigError } from '../../platform/errors.js'
import { fisher } from './fisher.js'
import { jacobianCovariance, naswot } from './jacobian-covariance.js'
import { gradNorm, grasp, plain, snip } from './loss-gradient.js'
import type { Measure, MeasureName } from './measure.js'
import { flops, params } from './size.js'
import { synflow, synflowBatchNorm } from './synaptic-flow.js'

/** Every zero-cost measure, by the names that papers use. */
export const measures: readonly Measure[] = [
  gradNorm,
  plain,
  snip,
  grasp,
  fisher,
  jacobianCovariance,
  synflow,
  synflowBatchNorm,
  naswot,
  params,
  flops,
]

export const measureNames: readonly MeasureName[] = measures.map(({ name }) => name)

/** Those of zero-cost-nas, which the paper plots. `naswot` equals one of them, and the rest are sizes. */
export const classicMeasures: readonly MeasureName[] = measureNames.filter(
  (name) => !['naswot', 'params', 'flops'].includes(name),
)

/** @throws ConfigError that lists the valid names. */
export function findMeasure(name: string): Measure {
  const found = measures.find((measure) => measure.name === name)
  if (found !== undefined) return found
  const near = closest(name, measureNames)
  const advice = near === null ? `There are: ${measureNames.join(', ')}.` : `Did you mean ${near}?`
  throw new ConfigError(`There is no zero-cost measure "${name}". ${advice}`)
}
