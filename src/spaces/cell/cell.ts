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
 * the sum of its incoming edges.
 */
export type Cell = readonly CellEdge[]

/** The form of the cells of a space. */
export interface CellShape {
  /** Number of nodes, including input and output. */
  readonly nodes: number
  readonly operations: readonly CellOperation[]
  /** The operations of each edge, `edges[position][choice]`; all cells of the space share these objects. */
  readonly edges: readonly (readonly CellEdge[])[]
}

/** All edges of a cell, in the order of the string: all to node 1, to node 2, ... */
export function cellShape(nodes: number, operations: readonly CellOperation[]): CellShape {
  const edges = Array.from({ length: nodes }, (_, to) =>
    Array.from({ length: to }, (_, from) => operations.map((operation) => ({ from, to, operation }))),
  ).flat()
  return { nodes, operations, edges }
}

/** The cell for `choices`. */
export function cellOf({ edges }: CellShape, choices: Choices): Cell {
  return edges.map((edge, position) => edge[choices[position] as number] as CellEdge)
}

/** NATS-Bench's notation: `|op~0|+|op~0|op~1|+|op~0|op~1|op~2|`. */
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
