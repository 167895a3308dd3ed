import { ExportError } from '../../platform/errors.js'
import { liveGraph } from '../live-graph.js'
import type { PortableNetwork } from '../portable-network.js'
import { type BatchNormTensors, type NetworkTensors, networkTensors, type WeightTensor } from '../tensors.js'
import { headNames } from './generate-module.js'

/** Where PyTorch keeps the parts of a batch norm. */
const batchNormNames = {
  gamma: 'weight',
  beta: 'bias',
  mean: 'running_mean',
  variance: 'running_var',
} as const satisfies Record<keyof BatchNormTensors, string>

/** The weights by the names that the generated module gives them. */
export function stateDict(
  { spec, weights }: PortableNetwork,
  prefixes: ReadonlyMap<string, string>,
): ReadonlyMap<string, WeightTensor> {
  const tensors = networkTensors(spec, weights)
  const state = new Map<string, WeightTensor>()
  const addBatchNorm = (name: string, parts: BatchNormTensors): void => {
    for (const [part, own] of Object.entries(batchNormNames)) {
      state.set(`${name}.${own}`, parts[part as keyof BatchNormTensors])
    }
  }
  for (const { edge, index } of liveGraph(spec).flatMap(({ incoming }) => incoming)) {
    if (edge.op !== 'conv') continue
    const prefix = prefixes.get(edge.name)
    state.set(`${prefix}.conv.weight`, tensors.kernel(index))
    if (edge.batchNorm) addBatchNorm(`${prefix}.bn`, tensors.batchNorm(index))
  }
  addBatchNorm(headNames.batchNorm, tensors.batchNorm(null))
  state.set(`${headNames.classifier}.weight`, tensors.classifier.weight)
  state.set(`${headNames.classifier}.bias`, tensors.classifier.bias)
  return state
}

/** The weights where the network has them, from those of a state dict. */
export function tensorsOfState(
  state: ReadonlyMap<string, WeightTensor>,
  { spec }: PortableNetwork,
  prefixes: ReadonlyMap<string, string>,
): NetworkTensors {
  const found = (name: string): WeightTensor => {
    const tensor = state.get(name)
    if (tensor === undefined) throw new ExportError(`The file of weights lacks ${name}.`)
    return tensor
  }
  const prefixOf = (edge: number): string => prefixes.get(spec.edges[edge]?.name ?? '') ?? ''
  return {
    kernel: (edge) => found(`${prefixOf(edge)}.conv.weight`),
    batchNorm(edge) {
      const name = edge === null ? headNames.batchNorm : `${prefixOf(edge)}.bn`
      const part = (own: keyof BatchNormTensors): WeightTensor => found(`${name}.${batchNormNames[own]}`)
      return { gamma: part('gamma'), beta: part('beta'), mean: part('mean'), variance: part('variance') }
    },
    classifier: { weight: found(`${headNames.classifier}.weight`), bias: found(`${headNames.classifier}.bias`) },
  }
}
