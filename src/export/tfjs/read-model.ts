import { ExportError } from '../../platform/errors.js'
import { messageOf } from '../../platform/message-of.js'
import type { ExportedOutputs } from '../export-format.js'
import type { FeatureMaps } from '../reference/feature-maps.js'
import { type LayerWeights, layerFunctions } from './layers.js'
import type { Layer, LayersModel } from './layers-model.js'

/**
 * Runs the layers of a LayersModel as Keras defines them, for the layers that exported networks use. It knows nothing of the
 * network that was exported.
 *
 * @param json of `model.json`
 * @param bytes of the file of weights
 * @returns a function that predicts from bytes `[count, channels, height, width]`.
 * @throws ExportError if the files cannot be read, or have a layer that is not known here.
 */
export function readModel(json: Uint8Array, bytes: Uint8Array): (pixels: Uint8Array, count: number) => ExportedOutputs {
  const model = decode(json)
  const weights = weightsOf(model, bytes)
  const { input_layers: inputs, layers, output_layers: outputs } = model.modelTopology.config
  const [input = ''] = inputs[0] ?? []
  const lastReads = lastReadsOf(layers, new Set(outputs.map(([name]) => name)))
  return (pixels, count) => {
    const values = new Map<string, FeatureMaps>()
    layers.forEach((layer, at) => {
      if (layer.name === input) values.set(input, images(layer, pixels, count))
      else {
        const run = found(layerFunctions[layer.class_name], `a layer ${layer.class_name} that can be checked`)
        const read = readBy(layer).map((name) => found(values.get(name), `the layer ${name}`))
        values.set(layer.name, run(read, layer.config, weights.get(layer.name) ?? {}))
      }
      for (const name of lastReads[at] ?? []) values.delete(name)
    })
    const [logits, probabilities] = outputs.map(([name]) => found(values.get(name), name).values)
    return { logits: found(logits, 'the logits'), probabilities: found(probabilities, 'the probabilities') }
  }
}

function decode(json: Uint8Array): LayersModel {
  try {
    return JSON.parse(Buffer.from(json).toString('utf8'))
  } catch (cause) {
    throw new ExportError(`The model.json cannot be read again (${messageOf(cause)}).`, { cause })
  }
}

/** By layer. */
function weightsOf({ weightsManifest }: LayersModel, bytes: Uint8Array): ReadonlyMap<string, LayerWeights> {
  const all = new Float32Array(Uint8Array.from(bytes).buffer)
  const byLayer = new Map<string, LayerWeights>()
  let offset = 0
  for (const { name, shape } of weightsManifest.flatMap(({ weights }) => weights)) {
    const size = shape.reduce((product, length) => product * length, 1)
    const [layer = '', weight = ''] = name.split('/')
    const values = all.subarray(offset, offset + size)
    byLayer.set(layer, { ...byLayer.get(layer), [weight]: { shape, values } })
    offset += size
  }
  if (offset === all.length) return byLayer
  throw new ExportError(`The file of weights has ${all.length} values, and model.json names ${offset}.`)
}

/** The bytes as the input layer takes them; here channels stay first. */
function images({ config }: Layer, pixels: Uint8Array, count: number): FeatureMaps {
  const [, height = 0, width = 0, channels = 0] = config.batch_input_shape as readonly (number | null)[]
  return {
    count,
    channels: Number(channels),
    height: Number(height),
    width: Number(width),
    values: Float32Array.from(pixels),
  }
}

function readBy({ inbound_nodes: nodes }: Layer): readonly string[] {
  return nodes.flat().map(([name]) => name)
}

/** For each layer those that it is the last to read, but for the outputs. */
function lastReadsOf(layers: readonly Layer[], outputs: ReadonlySet<string>): readonly (readonly string[])[] {
  const last = new Map(layers.flatMap((layer, at) => readBy(layer).map((name) => [name, at] as const)))
  return layers.map((layer, at) => readBy(layer).filter((name) => last.get(name) === at && !outputs.has(name)))
}

function found<T>(value: T | undefined, what: string): T {
  if (value === undefined) throw new ExportError(`The model lacks ${what}.`)
  return value
}
