import type { NetworkWeights } from '../networks/weights.js'
import { FearNasError } from '../platform/errors.js'
import type { Architecture } from '../spaces/search-space.js'

/** The first bytes of a network file, with the version of the format. */
const magic = 'FEARNAS1'

interface Header {
  readonly architecture: Architecture
  readonly trial: number
  readonly validationAccuracy: number
  /** Lengths of the three arrays of float32, little endian, that follow in this order. */
  readonly parameters: number
  readonly statistics: number
}

/** What a network file says of the network besides its weights. */
export type NetworkFacts = Pick<Header, 'architecture' | 'trial' | 'validationAccuracy'>

/**
 * A trained network as a file: 8 bytes `FEARNAS1`, the header's length (uint32, little endian), a JSON header, then
 * parameters, running means and running variances as float32, little endian, in the order of `parameterLayout`.
 */
export function encodeNetwork(facts: NetworkFacts, weights: NetworkWeights): Uint8Array {
  const { architecture, trial, validationAccuracy } = facts
  const { parameters, runningMean, runningVariance } = weights
  const header: Header = {
    architecture,
    trial,
    validationAccuracy,
    parameters: parameters.length,
    statistics: runningMean.length,
  }
  const text = Buffer.from(JSON.stringify(header))
  const length = Buffer.alloc(4)
  length.writeUInt32LE(text.length)
  const arrays = [parameters, runningMean, runningVariance].map((array) =>
    Buffer.from(array.buffer, array.byteOffset, array.byteLength),
  )
  return Buffer.concat([Buffer.from(magic), length, text, ...arrays])
}

/**
 * Reads what `encodeNetwork` wrote.
 *
 * @throws FearNasError if the bytes are not a whole network file.
 */
export function decodeNetwork(bytes: Uint8Array): NetworkFacts & { readonly weights: NetworkWeights } {
  const file = Buffer.from(bytes)
  if (file.subarray(0, magic.length).toString() !== magic) {
    throw new FearNasError(`This is no network file: it does not begin with ${magic}.`)
  }
  const headerStart = magic.length + 4
  const headerEnd = headerStart + file.readUInt32LE(magic.length)
  const { parameters, statistics, ...facts } = JSON.parse(file.toString('utf8', headerStart, headerEnd)) as Header
  if (file.length !== headerEnd + 4 * (parameters + 2 * statistics)) {
    throw new FearNasError(`This network file is damaged: it has ${file.length} bytes, not what its header says.`)
  }
  const values = new Float32Array(Uint8Array.from(file.subarray(headerEnd)).buffer)
  return {
    ...facts,
    weights: {
      parameters: values.slice(0, parameters),
      runningMean: values.slice(parameters, parameters + statistics),
      runningVariance: values.slice(parameters + statistics),
    },
  }
}
