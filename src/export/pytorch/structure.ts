import type { NetworkSpec, NodeSpec } from '../../networks/network-spec.js'
import { type LiveNode, liveGraph } from '../live-graph.js'

/** The nodes of one cell or reduction: a module of its own. */
export interface Block {
  /** Node that it reads. */
  readonly input: number
  readonly inputShape: NodeSpec
  /** In topological order; the last is its output. */
  readonly nodes: readonly LiveNode[]
}

/**
 * A network as a stem and a chain of blocks, as the search spaces of this package build theirs: edges `stem` and
 * `cells.NUMBER.*`. Null for any other graph.
 */
export interface Chain {
  readonly stem: LiveNode
  readonly blocks: readonly Block[]
}

const blockEdge = /^cells\.(\d+)\./

export function chainOf(spec: NetworkSpec): Chain | null {
  const [stem, ...rest] = liveGraph(spec)
  const [only, ...others] = stem?.incoming ?? []
  if (stem === undefined || only === undefined || others.length > 0) return null
  if (only.edge.op !== 'conv' || only.edge.name !== 'stem' || only.edge.from !== 0) return null
  const grouped = groups(rest)
  if (grouped === null) return null
  const blocks: Block[] = []
  let input = stem
  for (const nodes of grouped) {
    const own = new Set(nodes.map(({ index }) => index))
    const reads = nodes.flatMap(({ incoming }) => incoming.map(({ edge }) => edge.from))
    const output = nodes.at(-1)
    if (output === undefined || !reads.includes(input.index)) return null
    if (reads.some((from) => from !== input.index && !own.has(from))) return null
    blocks.push({ input: input.index, inputShape: input.shape, nodes })
    input = output
  }
  return input.index === spec.head.node ? { stem, blocks } : null
}

/** The nodes by the number in their edges' names; one without edges belongs to the next. Null if they are not in order. */
function groups(nodes: readonly LiveNode[]): readonly (readonly LiveNode[])[] | null {
  const found: LiveNode[][] = []
  let waiting: LiveNode[] = []
  for (const node of nodes) {
    const numbers = new Set(node.incoming.map(({ edge }) => Number(blockEdge.exec(edge.name)?.[1] ?? Number.NaN)))
    const [number] = numbers
    if (number === undefined) {
      waiting.push(node)
      continue
    }
    if (numbers.size > 1 || !(number === found.length - 1 || number === found.length)) return null
    if (number === found.length) found.push([])
    found[number]?.push(...waiting, node)
    waiting = []
  }
  return waiting.length === 0 ? found : null
}
