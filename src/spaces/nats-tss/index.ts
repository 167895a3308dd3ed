import type { DuplicateLevel, SearchSpace } from '../search-space.js'
import { isomorphismForm, natsBenchForm } from './canonical.js'
import type { Cell, CellEdge } from './cell.js'
import {
  cellAt,
  cellCount,
  cellEdges,
  cellIndex,
  edgeChoices,
  formatCell,
  isConnectedCell,
  neighbourCells,
  operations,
} from './cell.js'
import { buildNetwork } from './network.js'
import { parseCell } from './parse.js'

const canonicalForms: Readonly<Record<DuplicateLevel, (cell: Cell) => string>> = {
  string: formatCell,
  'nats-bench': natsBenchForm,
  isomorphism: isomorphismForm,
}

/** Facts about the whole space, verified by its tests. */
const distinctCounts: Readonly<Record<DuplicateLevel, number>> = {
  string: cellCount,
  'nats-bench': 6466,
  isomorphism: 4930,
}

/**
 * The topology search space of NATS-Bench (NAS-Bench-201): a cell of four nodes, one of five operations on each of its
 * six edges, repeated through a network of three stages.
 *
 * Indices are our own: the product order of the operations as `operations` lists them, the last edge changing fastest.
 * They are not NATS-Bench's indices, which follow a shuffled list of its own.
 */
export const natsTss: SearchSpace = {
  name: 'nats-tss',
  size: cellCount,
  at: (index) => formatCell(cellAt(index)),
  indexOf: (architecture) => cellIndex(parseCell(architecture)),
  parse: (text) => formatCell(parseCell(text)),
  canonical: (architecture, level) => canonicalForms[level](parseCell(architecture)),
  distinct: (level) => distinctCounts[level],
  isConnected: (architecture) => isConnectedCell(parseCell(architecture)),
  decisions: cellEdges.map(() => operations.length),
  choices: (architecture) => parseCell(architecture).map(({ operation }) => operations.indexOf(operation)),
  fromChoices: (choices) => formatCell(choices.map((choice, position) => edgeChoices[position]?.[choice] as CellEdge)),
  neighbours: (architecture) => neighbourCells(parseCell(architecture)).map(formatCell),
  sample: (rng) => formatCell(cellAt(rng.integer(cellCount))),
  network: (architecture, macro) => buildNetwork(parseCell(architecture), macro),
}
