import { closest } from '../../platform/closest.js'
import { ArchitectureError } from '../../platform/errors.js'
import type { Cell, CellEdge } from './cell.js'
import { cellEdges, edgeChoices, operations } from './cell.js'

const shape = '|op~0|+|op~0|op~1|+|op~0|op~1|op~2|'

/** For each of the nodes 1 to 3 its edges, and for each of those the spelling (`op~from`) of every choice. */
const spellings: readonly (readonly ReadonlyMap<string, CellEdge>[])[] = [1, 2, 3].map((node) =>
  edgeChoices
    .filter((_, position) => cellEdges[position]?.to === node)
    .map((choices) => new Map(choices.map((choice) => [`${choice.operation}~${choice.from}`, choice]))),
)

/**
 * Reads NATS-Bench's spelling; white space around it is ignored.
 *
 * @throws ArchitectureError that names the faulty part and what would be right in its place.
 */
export function parseCell(text: string): Cell {
  const groups = text.trim().split('+')
  if (groups.length !== spellings.length) {
    throw malformed(text, `expected 3 groups joined by "+", one for each of the nodes 1 to 3, got ${groups.length}`)
  }
  return spellings.flatMap((edges, i) => parseNode(text, i + 1, groups[i] as string, edges))
}

/** Reads `|op~0|...|`, the edges that lead to one node. */
function parseNode(
  text: string,
  node: number,
  group: string,
  edges: readonly ReadonlyMap<string, CellEdge>[],
): CellEdge[] {
  if (group.length < 2 || !group.startsWith('|') || !group.endsWith('|')) {
    throw malformed(text, `the group of node ${node} must begin and end with "|", got "${group}"`)
  }
  const items = group.slice(1, -1).split('|')
  if (items.length !== edges.length) {
    const count = `${edges.length} operation${edges.length === 1 ? '' : 's'}`
    throw malformed(text, `node ${node} must have ${count}, got ${items.length} in "${group}"`)
  }
  return edges.map((choices, from) => {
    const item = items[from] as string
    const choice = choices.get(item)
    if (choice === undefined) throw malformed(text, faultOf(item, from, node))
    return choice
  })
}

/** Why `item` is not the spelling of an edge between two nodes. */
function faultOf(item: string, from: number, to: number): string {
  const place = `operation ${from + 1} of node ${to}`
  const [name = '', ...sources] = item.split('~')
  if (sources.length !== 1 || sources[0] !== String(from)) {
    return `${place} comes from node ${from} and must read "<operation>~${from}", got "${item}"`
  }
  const meant = closest(name, operations)
  const hint = meant === null ? '' : `; did you mean ${meant}?`
  return `${place} is "${name}", which is unknown${hint} (operations: ${operations.join(', ')})`
}

function malformed(text: string, fault: string): ArchitectureError {
  return new ArchitectureError(`Not an architecture of nats-tss: "${text}": ${fault}. The form is ${shape}.`)
}
