import { outputCount } from '../../networks/parameters.js'
import { type Measure, measuredTensors } from './measure.js'

/**
 * Fisher pruning's saliency (arXiv 1801.05787): for each channel of the output a of a convolution or of the linear
 * layer, half the mean over the batch of (sum over pixels of a dL/da)^2, L the batch's mean cross-entropy. As in
 * zero-cost-nas, a channel's value counts once for every weight of the channel, so wide layers have more weight.
 */
export const fisher: Measure = {
  name: 'fisher',
  description: 'squared output times loss gradient, by channel, once for each of its weights',
  passes: 1,
  images: 'batch',
  measure({ network, batch }) {
    const options = { objective: 'cross-entropy', batchNorm: 'batch', targets: ['outputs'] } as const
    const { outputs } = network.probe(batch, options)
    const row = outputCount(network.spec)
    let sum = 0
    let first = 0
    for (const { shape, size } of measuredTensors(network.spec)) {
      const channels = shape[0] as number
      for (let channel = first; channel < first + channels; channel++) {
        let square = 0
        for (let image = 0; image < batch.count; image++) square += (outputs[image * row + channel] as number) ** 2
        sum += ((0.5 * square) / batch.count) * (size / channels)
      }
      first += channels
    }
    return sum
  },
}
