import type { EdgeSpec, NetworkSpec, NodeSpec } from '../../networks/network-spec.js'
import { outputCount, type ParameterKind, type ParameterLayout } from '../../networks/parameters.js'
import {
  addTo,
  averagePool,
  classifier,
  convolve,
  type Maps,
  normalise,
  type Operation,
  type Parameter,
  relu,
  reluAsBefore,
  type Statistics,
  statisticsOf,
  zeros,
} from './oracle-operations.js'

/**
 * How batch norm behaves: by the batch's statistics, with (`batch`) or without an update of the running ones, by the
 * running ones, or not at all.
 */
export type PassMode = 'batch' | 'batch-only' | 'running' | 'bypass'

/** What a pass reads, and the gradient and running statistics that it writes. */
export interface OracleNumbers {
  readonly spec: NetworkSpec
  readonly layout: ParameterLayout
  readonly parameters: Float64Array
  readonly gradient: Float64Array
  readonly mean: Float64Array
  readonly variance: Float64Array
}

/** The inputs of all ReLUs in the order of their use; then, if it is kept, what those still to be used were before. */
export interface ReluPattern {
  readonly inputs: Float64Array[]
  isKept: boolean
}

export interface PassOptions {
  /** Applied to whatever comes of an operation. null: exact, but for double precision. */
  readonly round?: ((values: Float64Array) => Float64Array) | null
  readonly pattern?: ReluPattern | null
  /** Where a probe wants outputs times their gradients; null: it does not. */
  readonly outputs?: Float64Array | null
}

/** One forward pass of the double precision network, and the way back. */
export class OraclePass {
  readonly #network: OracleNumbers
  readonly #mode: PassMode
  readonly #round: ((values: Float64Array) => Float64Array) | null
  readonly #pattern: ReluPattern | null
  readonly #outputs: Float64Array | null

  constructor(
    network: OracleNumbers,
    mode: PassMode,
    { round = null, pattern = null, outputs = null }: PassOptions = {},
  ) {
    this.#network = network
    this.#mode = mode
    this.#round = round
    this.#pattern = pattern
    this.#outputs = outputs
  }

  /** From the value of `node` to the logits. The gradient returned is that of the value of `node`. */
  run(node: number, input: Maps): Operation {
    const body = this.runNodes(node, input, this.#network.spec.head.node)
    const normalised = this.#normalise(body.value, null)
    const activated = this.#relu(normalised.value)
    const head = this.#rounded(
      classifier(activated.value, this.#parameter(null, 'linear-weight'), this.#parameter(null, 'linear-bias')),
    )
    return {
      value: head.value,
      backward: (dy) => body.backward(normalised.backward(activated.backward(head.backward(dy)))),
    }
  }

  /** Nodes after `start` up to `end`. The gradient returned is that of the value of `start`. */
  runNodes(start: number, input: Maps, end: number): Operation {
    const values = new Map([[start, input]])
    const ran: { edge: EdgeSpec; operation: Operation }[] = []
    for (let node = start + 1; node <= end; node++) {
      const { channels, height, width } = nodeOf(this.#network.spec, node)
      const value = zeros(input.count, channels, height, width)
      this.#network.spec.edges.forEach((edge, index) => {
        const source = values.get(edge.from)
        if (edge.to !== node || source === undefined) return
        const operation = this.#runEdge(edge, index, source)
        addTo(value.data, operation.value.data)
        ran.push({ edge, operation })
      })
      values.set(node, value)
    }
    return {
      value: values.get(end) ?? input,
      backward(dy) {
        const gradients = new Map<number, Float64Array>(
          [...values].map(([node, { data }]) => [node, new Float64Array(data.length)]),
        )
        gradients.set(end, dy)
        for (const { edge, operation } of ran.toReversed()) {
          const [output, source] = [gradients.get(edge.to), gradients.get(edge.from)]
          if (output !== undefined && source !== undefined) addTo(source, operation.backward(output))
        }
        return gradients.get(start) ?? dy
      },
    }
  }

  #runEdge(edge: EdgeSpec, index: number, x: Maps): Operation {
    if (edge.op === 'skip') return { value: x, backward: (dy) => dy }
    if (edge.op === 'avg-pool') return this.#rounded(averagePool(x, edge.kernel))
    const identity: Operation = { value: x, backward: (dy) => dy }
    const activated = edge.relu ? this.#relu(x) : identity
    const weight = this.#parameter(index, 'conv')
    const shape = { dilation: 1, depthwise: false, ...edge, outputs: nodeOf(this.#network.spec, edge.to).channels }
    const output = this.#rounded(convolve(activated.value, weight, shape))
    const normalised = edge.batchNorm ? this.#normalise(output.value, index) : { ...identity, value: output.value }
    return {
      value: normalised.value,
      backward: (dy) => {
        const outputGradient = normalised.backward(dy)
        this.takeOutputs(index, output.value, outputGradient)
        return activated.backward(output.backward(outputGradient))
      },
    }
  }

  #relu(x: Maps): Operation {
    if (this.#pattern === null) return relu(x)
    const { inputs, isKept } = this.#pattern
    if (isKept) return reluAsBefore(x, inputs.shift() ?? x.data)
    inputs.push(x.data)
    return relu(x)
  }

  /** Channels of the convolutions before `spec.edges[edge]`; of all of them for null. */
  #outputsBefore(edge: number | null): number {
    const edges = this.#network.spec.edges.slice(0, edge ?? undefined)
    return edges.reduce((sum, { op, to }) => sum + (op === 'conv' ? nodeOf(this.#network.spec, to).channels : 0), 0)
  }

  /** Tells a probe, if there is one, of the output of a convolution, or of the logits (null), and its gradient. */
  takeOutputs(edge: number | null, { data, channels, height, width }: Maps, gradient: Float64Array): void {
    const outputs = this.#outputs
    if (outputs === null) return
    const first = this.#outputsBefore(edge)
    const row = outputCount(this.#network.spec)
    data.forEach((value, i) => {
      const map = Math.floor(i / (height * width))
      const at = Math.floor(map / channels) * row + first + (map % channels)
      outputs[at] = (outputs[at] ?? 0) + value * (gradient[i] ?? 0)
    })
  }

  #normalise(x: Maps, edge: number | null): Operation {
    const mode = this.#mode
    if (mode === 'bypass') return { value: x, backward: (dy) => dy }
    const { offset = 0, channels = 0 } =
      this.#network.layout.batchNorms.find((batchNorm) => batchNorm.edge === edge) ?? {}
    const running: Statistics = {
      mean: this.#network.mean.subarray(offset, offset + channels),
      variance: this.#network.variance.subarray(offset, offset + channels),
    }
    const statistics = mode === 'running' ? running : this.#statistics(x)
    if (mode === 'batch') {
      const size = x.data.length / x.channels
      const unbias = size === 1 ? 1 : size / (size - 1)
      statistics.mean.forEach((v, c) => {
        running.mean[c] = 0.9 * (running.mean[c] ?? 0) + 0.1 * v
      })
      statistics.variance.forEach((v, c) => {
        running.variance[c] = 0.9 * (running.variance[c] ?? 0) + 0.1 * v * unbias
      })
    }
    const [gamma, beta] = [this.#parameter(edge, 'bn-gamma'), this.#parameter(edge, 'bn-beta')]
    return this.#rounded(normalise(x, statistics, gamma, beta, this.#round ?? undefined))
  }

  #statistics(x: Maps): Statistics {
    const { mean, variance } = statisticsOf(x)
    return this.#round === null ? { mean, variance } : { mean: this.#round(mean), variance: this.#round(variance) }
  }

  #rounded(operation: Operation): Operation {
    const round = this.#round
    if (round === null) return operation
    return {
      value: { ...operation.value, data: round(operation.value.data) },
      backward: (gradient) => round(operation.backward(gradient)),
    }
  }

  #parameter(edge: number | null, kind: ParameterKind): Parameter {
    const found = this.#network.layout.parameters.find(
      (parameter) => parameter.edge === edge && parameter.kind === kind,
    )
    const { offset = 0, size = 0 } = found ?? {}
    return {
      value: this.#network.parameters.subarray(offset, offset + size),
      gradient: this.#network.gradient.subarray(offset, offset + size),
    }
  }
}

/** @throws RangeError if there is no such node. */
export function nodeOf(spec: NetworkSpec, node: number): NodeSpec {
  const found = spec.nodes[node]
  if (found === undefined) throw new RangeError(`no node ${node}`)
  return found
}
