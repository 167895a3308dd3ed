import type { Choices } from '../product-space.js'
import type { CellOperation } from './operations.js'

/** An edge of a cell and the operation on it. */
export interface CellEdge {
  readonly from: number
  readonly to: number
  readonly operation: CellOperation
}

/**
 * A cell: its edges in the order of `cellEdges`. Node 0 is its input, the last one its output; the value of a node is
 * the sum of what its incoming edges deliver.
 */
export type Cell = readonly CellEdge[]

/** What a cell of a space may be. */
export interface CellShape {
  /** The cell's input and output among them. */
  readonly nodes: number
  readonly operations: readonly CellOperation[]
  /** What each edge may hold, `edges[position][choice]`: all cells of the space share these objects. */
  readonly edges: readonly (readonly CellEdge[])[]
}

/** A cell in which every pair of nodes is joined, in the order of the string: all that leads to node 1, to node 2, ... */
export function cellShape(nodes: number, operations: readonly CellOperation[]): CellShape {
  const edges = Array.from({ length: nodes }, (_, to) =>
    Array.from({ length: to }, (_, from) => operations.map((operation) => ({ from, to, operation }))),
  ).flat()
  return { nodes, operations, edges }
}

/** The cell that `choices` make. */
export function cellOf({ edges }: CellShape, choices: Choices): Cell {
  return edges.map((edge, position) => edge[choices[position] as number] as CellEdge)
}

/** NATS-Bench's spelling: `|op~0|+|op~0|op~1|+|op~0|op~1|op~2|`. */
export function formatCell(cell: Cell): string {
  let text = ''
  for (const { from, to, operation } of cell) {
    if (from === 0 && to > 1) text += '|+'
    text += `|${operation}~${from}`
  }
  return `${text}|`
}

/** Whether a path of operations other than `none` leads from the cell's input to its output. */
export function isConnectedCell(nodes: number, cell: Cell): boolean {
  const reached: boolean[] = [true]
  for (const { from, to, operation } of cell) {
    reached[to] = reached[to] === true || (operation !== 'none' && reached[from] === true)
  }
  return reached[nodes - 1] === true
}
