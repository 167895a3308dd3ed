import { leastSeconds } from '../../dist/benchmarks/latency.js'
import { liveNodes } from '../../dist/networks/live-nodes.js'
import { initialWeights } from '../../dist/networks/weights.js'
import { createRng } from '../../dist/platform/rng.js'

/** How often the measured network has the operation beside itself. */
const copies = 8
/** Seconds of each operation for one image, by its name and shape. Each is measured when first asked for. */
export class OperationTable {
  #engine
  #clock
  #seconds
  /** @param known entries that were measured before. */
  constructor(engine, clock, known = new Map()) {
    this.#engine = engine
    this.#clock = clock
    this.#seconds = new Map(known)
  }
  get size() {
    return this.#seconds.size
  }
  /** Seconds of an edge. */
  edge(edge, input, output) {
    return this.#entry(edgeKey(edge, input, output), () => {
      const [one, many] = [1, 1 + copies].map((count) => this.#time(parallel(edge, input, output, count)))
      return Math.max(0, (many - one) / copies)
    })
  }
  /** Seconds of everything after the last node, and of the call itself. */
  head(node, classes) {
    return this.#entry(`head ${shapeText(node)} ${classes}`, () => {
      const skip = { op: 'skip', name: 'skip', from: 0, to: 1 }
      const whole = this.#time({ ...parallel(skip, node, node, 1), classes })
      return Math.max(0, whole - this.edge(skip, node, node))
    })
  }
  #entry(key, measure) {
    const known = this.#seconds.get(key)
    if (known !== undefined) return known
    const seconds = measure()
    this.#seconds.set(key, seconds)
    return seconds
  }
  #time(spec) {
    const network = this.#engine.create(spec, initialWeights(spec, createRng('latency')))
    try {
      return leastSeconds(network, this.#clock)
    } finally {
      network.dispose()
    }
  }
}
/** The latency of a network for one image, in seconds: the sum over its operations that reach the head. */
export function estimateLatency(spec, table) {
  const { classes, edges, head, nodes } = spec
  const live = liveNodes(spec)
  const node = (index) => nodes[index]
  return edges
    .filter(({ to }) => live.has(to))
    .reduce((sum, edge) => sum + table.edge(edge, node(edge.from), node(edge.to)), table.head(node(head.node), classes))
}
/** A network of the operation alone, several times between the same nodes. */
function parallel(edge, input, output, count) {
  const edges = Array.from({ length: count }, (_, i) => ({ ...edge, name: `${i}`, from: 0, to: 1 }))
  return { classes: 2, nodes: [input, output], edges, head: { node: 1 }, cuts: [] }
}
function edgeKey(edge, input, output) {
  const shapes = `${shapeText(input)} ${shapeText(output)}`
  switch (edge.op) {
    case 'skip':
      return `skip ${shapes}`
    case 'avg-pool':
      return `avg-pool ${edge.kernel} ${shapes}`
    case 'conv': {
      const { batchNorm, depthwise = false, dilation = 1, kernel, relu, stride } = edge
      return `conv ${kernel} stride ${stride} dilation ${dilation}${depthwise ? ' depthwise' : ''}${relu ? ' relu' : ''}${batchNorm ? ' bn' : ''} ${shapes}`
    }
  }
}
function shapeText({ channels, height, width }) {
  return `${channels}x${height}x${width}`
}
