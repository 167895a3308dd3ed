import { forwardFlops } from '../../networks/flops.js'
import { parameterCount } from '../../networks/parameters.js'
import type { Measure } from './measure.js'

/** The size of the network, a baseline for every zero-cost measure. */
export const params: Measure = {
  name: 'params',
  description: 'trainable parameters',
  passes: 0,
  images: 'one',
  measure: ({ network }) => parameterCount(network.spec),
}

export const flops: Measure = {
  name: 'flops',
  description: 'FLOPs of one image, forward',
  passes: 0,
  images: 'one',
  measure: ({ network }) => forwardFlops(network.spec),
}
