import type { NetworkFacts, NetworkSurroundings } from '../../src/models/network-file.js'
import { initialWeights, type NetworkWeights } from '../../src/networks/weights.js'
import { createRng } from '../../src/platform/rng.js'
import { createSearchSpace } from '../../src/spaces/registry.js'

/** A network of nats-tss for grey images of 8 x 8 pixels in three classes. */
export const toySurroundings: NetworkSurroundings = {
  space: {
    name: 'nats-tss',
    macro: { channels: 4, cells: 1, input: { channels: 1, height: 8, width: 8 }, classes: 3 },
  },
  classNames: ['cat', 'dog', 'Überraschung'],
  normalisation: { mean: [0.25], std: [0.5] },
}

export const toyFacts = {
  architecture: '|nor_conv_3x3~0|+|none~0|skip_connect~1|+|none~0|none~1|skip_connect~2|',
  trial: 7,
  validationAccuracy: 0.5,
}

export function toyWeights(): NetworkWeights {
  const { space } = toySurroundings
  return initialWeights(createSearchSpace(space).network(toyFacts.architecture, space.macro), createRng('toy'))
}

/** `toyFacts` and a few numbers as a file of version 1, as the version of fear-nas wrote it that had no other. */
export function firstFormatFile(weights: NetworkWeights, facts: NetworkFacts = toyFacts): Buffer {
  const { parameters, runningMean, runningVariance } = weights
  const { architecture, trial, validationAccuracy } = facts
  const header = {
    architecture,
    trial,
    validationAccuracy,
    parameters: parameters.length,
    statistics: runningMean.length,
  }
  const text = Buffer.from(JSON.stringify(header))
  const length = Buffer.alloc(4)
  length.writeUInt32LE(text.length)
  const arrays = [parameters, runningMean, runningVariance].map((array) => Buffer.from(array.buffer))
  return Buffer.concat([Buffer.from('FEARNAS1'), length, text, ...arrays])
}
