import { closest } from '../../platform/closest.js'
import { counted } from '../../platform/count.js'
import { ArchitectureError } from '../../platform/errors.js'
import type { Choices } from '../product-space.js'
import type { CellShape } from './cell.js'

/**
 * Parses NATS-Bench's notation; surrounding white space is ignored. Throws an ArchitectureError that names the wrong
 * part and what is expected.
 */
export function cellParser(space: string, { nodes, operations, edges }: CellShape): (text: string) => Choices {
  const groupCount = nodes - 1
  /** The choices of each edge by their notation, `op~from`; edges of a node follow each other. */
  const spellings = edges.map(
    (choices) => new Map(choices.map(({ operation, from }, choice) => [`${operation}~${from}`, choice])),
  )
  const form = Array.from({ length: groupCount }, (_, i) => {
    return `|${Array.from({ length: i + 1 }, (_, from) => `op~${from}`).join('|')}|`
  }).join('+')
  const malformed = (text: string, fault: string): ArchitectureError =>
    new ArchitectureError(`Not an architecture of ${space}: "${text}": ${fault}. The form is ${form}.`)

  /** Why `item` is not a valid edge between two nodes. */
  const faultOf = (item: string, from: number, to: number): string => {
    const place = `operation ${from + 1} of node ${to}`
    const [name = '', ...sources] = item.split('~')
    if (sources.length !== 1 || sources[0] !== String(from)) {
      return `${place} comes from node ${from} and must read "<operation>~${from}", got "${item}"`
    }
    const meant = closest(name, operations)
    const hint = meant === null ? '' : `; did you mean ${meant}?`
    return `${place} is "${name}", which is unknown${hint} (operations: ${operations.join(', ')})`
  }

  return (text) => {
    const groups = text.trim().split('+')
    if (groups.length !== groupCount) {
      throw malformed(
        text,
        `expected ${groupCount} groups joined by "+", one for each of the nodes 1 to ${groupCount}, got ${groups.length}`,
      )
    }
    const choices: number[] = []
    for (let node = 1; node < nodes; node++) {
      const group = groups[node - 1] as string
      if (group.length < 2 || !group.startsWith('|') || !group.endsWith('|')) {
        throw malformed(text, `the group of node ${node} must begin and end with "|", got "${group}"`)
      }
      const items = group.slice(1, -1).split('|')
      if (items.length !== node) {
        const wanted = counted(node, 'operation')
        throw malformed(text, `node ${node} must have ${wanted}, got ${items.length} in "${group}"`)
      }
      for (let from = 0; from < node; from++) {
        const item = items[from] as string
        const choice = spellings[choices.length]?.get(item)
        if (choice === undefined) throw malformed(text, faultOf(item, from, node))
        choices.push(choice)
      }
    }
    return choices
  }
}
