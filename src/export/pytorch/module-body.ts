import type { ConvEdge, NodeSpec } from '../../networks/network-spec.js'
import type { LiveNode } from '../live-graph.js'

/** The statements of a module: of `__init__` and of `forward`. */
export interface ModuleBody {
  readonly init: readonly string[]
  readonly forward: readonly string[]
  /** The variable that holds the value of each node. */
  readonly variables: ReadonlyMap<number, string>
}

/** How a module speaks of what it consists of. */
export interface Vocabulary {
  /** The attribute of an edge. */
  attribute(edge: string): string
  /** A number of channels: a parameter of the module, or the number itself. */
  channels(count: number): string
  /** The variable of the module's input, and its shape. */
  readonly input: { readonly node: number; readonly name: string; readonly shape: NodeSpec }
  /** The shapes of the network's nodes. */
  readonly shapes: readonly NodeSpec[]
}

/** The statements that compute `nodes`, which are in topological order. */
export function moduleBody(nodes: readonly LiveNode[], vocabulary: Vocabulary): ModuleBody {
  const { input, shapes } = vocabulary
  const variables = new Map([[input.node, input.name]])
  const init: string[] = []
  const forward: string[] = []
  nodes.forEach((node, number) => {
    const name = `node${number + 1}`
    const terms = node.incoming.map(({ edge }) => {
      const from = variables.get(edge.from) ?? ''
      if (edge.op === 'skip') return from
      if (edge.op === 'avg-pool') return edge.kernel === 2 ? `F.avg_pool2d(${from}, 2)` : `average_pool(${from})`
      init.push(`self.${vocabulary.attribute(edge.name)} = ${convolution(edge, shapes, vocabulary)}`)
      return `self.${vocabulary.attribute(edge.name)}(${from})`
    })
    forward.push(`${name} = ${terms.join(' + ') || zeros(node.shape, vocabulary)}`)
    variables.set(node.index, name)
  })
  return { init, forward, variables }
}

/** A call of the class Convolution, without the arguments that have their default. */
function convolution(edge: ConvEdge, shapes: readonly NodeSpec[], { channels }: Vocabulary): string {
  const [inputs, outputs] = [edge.from, edge.to].map((node) => channels(shapes[node]?.channels ?? 0))
  const options = [
    edge.stride === 1 ? '' : `stride=${edge.stride}`,
    (edge.dilation ?? 1) === 1 ? '' : `dilation=${edge.dilation}`,
    edge.depthwise ? 'depthwise=True' : '',
    edge.relu ? '' : 'relu=False',
    edge.batchNorm ? '' : 'batch_norm=False',
  ]
  return `Convolution(${[inputs, outputs, edge.kernel, ...options.filter((option) => option !== '')].join(', ')})`
}

/** A node that no operation leads to. */
function zeros({ channels, height, width }: NodeSpec, { input: { name, shape } }: Vocabulary): string {
  const isSameSize = height === shape.height && width === shape.width
  if (isSameSize && channels === shape.channels) return `torch.zeros_like(${name})`
  return `${name}.new_zeros(len(${name}), ${channels}, ${isSameSize ? `*${name}.shape[2:]` : `${height}, ${width}`})`
}
