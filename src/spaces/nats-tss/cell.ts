/** The five operations an edge of the cell may hold, in NATS-Bench's order, which is also the order of our indices. */
export const operations = ['none', 'skip_connect', 'nor_conv_1x1', 'nor_conv_3x3', 'avg_pool_3x3'] as const

export type Operation = (typeof operations)[number]

/** The six edges of the cell in the order of the string. Node 0 is the cell's input, node 3 its output. */
export const cellEdges = [
  { from: 0, to: 1 },
  { from: 0, to: 2 },
  { from: 1, to: 2 },
  { from: 0, to: 3 },
  { from: 1, to: 3 },
  { from: 2, to: 3 },
] as const

/** An edge and the operation on it. */
export interface CellEdge {
  readonly from: 0 | 1 | 2
  readonly to: 1 | 2 | 3
  readonly operation: Operation
}

/** What each edge may hold: `edgeChoices[position][operation]` as indices. All cells share these objects. */
export const edgeChoices: readonly (readonly CellEdge[])[] = cellEdges.map((edge) =>
  operations.map((operation) => ({ ...edge, operation })),
)

/** One value for each of the cell's four nodes. */
export type PerNode<T> = [T, T, T, T]

/**
 * A cell: its six edges, in the order of `cellEdges`. The value of a node is the sum of what its incoming edges
 * deliver.
 */
export type Cell = readonly CellEdge[]

/** The number of cells: five operations on each of six edges. */
export const cellCount = operations.length ** cellEdges.length

/** NATS-Bench's spelling: `|op~0|+|op~0|op~1|+|op~0|op~1|op~2|`. */
export function formatCell(cell: Cell): string {
  const sums = ['', '', '']
  for (const { from, to, operation } of cell) sums[to - 1] += `|${operation}~${from}`
  return sums.map((sum) => `${sum}|`).join('+')
}

/** The cell at `index` in product order: the last edge's operation changes fastest, as in `itertools.product`. */
export function cellAt(index: number): Cell {
  if (!Number.isInteger(index) || index < 0 || index >= cellCount) {
    throw new RangeError(`an index of nats-tss is an integer from 0 to ${cellCount - 1}, got ${index}`)
  }
  let rest = index
  return edgeChoices
    .toReversed()
    .map((choices) => {
      const choice = choices[rest % operations.length] as CellEdge
      rest = Math.floor(rest / operations.length)
      return choice
    })
    .toReversed()
}

/** The inverse of `cellAt`. */
export function cellIndex(cell: Cell): number {
  return cell.reduce((index, { operation }) => index * operations.length + operations.indexOf(operation), 0)
}

/** The 24 cells that differ in the operation of one edge: by edge in string order, then by operation. */
export function neighbourCells(cell: Cell): Cell[] {
  return edgeChoices.flatMap((choices, position) =>
    choices
      .filter((choice) => choice.operation !== cell[position]?.operation)
      .map((choice) => cell.with(position, choice)),
  )
}

/** Whether a path of operations other than `none` leads from the cell's input to its output. */
export function isConnectedCell(cell: Cell): boolean {
  const reached: PerNode<boolean> = [true, false, false, false]
  for (const { from, to, operation } of cell) reached[to] ||= operation !== 'none' && reached[from]
  return reached[3]
}
