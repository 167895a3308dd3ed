import { closest } from '../../platform/closest.js'
import { ConfigError } from '../../platform/errors.js'
import { type ProductSpaceParts, productSpace } from '../product-space.js'
import type { SearchSpace } from '../search-space.js'
import { checkImages, stagesOf } from '../skeleton/check-macro.js'
import { buildNetwork, threeStages } from '../skeleton/skeleton.js'
import { addCell } from './add-cell.js'
import { isomorphismForm, natsBenchForm } from './canonical.js'
import { cellOf, cellShape, formatCell, isConnectedCell } from './cell.js'
import { type CellOperation, cellOperations, natsOperations } from './operations.js'
import { cellParser } from './parse.js'

/** A space of cells with the user's choice of nodes and operations. */
export interface CellSpaceOptions {
  readonly name: 'cell'
  /** Nodes of a cell, including input and output. */
  readonly nodes: number
  /** Operations of an edge. Their order determines the space's indices. */
  readonly operations: readonly CellOperation[]
}

/** Minimum and maximum number of nodes. */
export const cellNodes = { fewest: 3, most: 8 } as const

/** Defaults: the cells of nats-tss. */
export const defaultCell = { nodes: 4, operations: natsOperations } as const

/**
 * Cells in which every pair of nodes is joined by one of `operations`, repeated through the network of NAS-Bench-201;
 * the value of a node is the sum of its edges. Four nodes and NATS-Bench's five operations are nats-tss.
 *
 * @throws ConfigError if a cell has too few or too many nodes, an operation is unknown or listed twice, or there are
 * fewer than two or more than 2^53 architectures.
 */
export function createCellSpace({ name, nodes, operations }: CellSpaceOptions): SearchSpace {
  checkNodes(nodes)
  checkOperations(operations)
  return cellSpace(name, nodes, operations)
}

/** As `createCellSpace`, for options known to be valid; `distinct` are the known numbers of canonical forms. */
export function cellSpace(
  name: string,
  nodes: number,
  operations: readonly CellOperation[],
  distinct?: NonNullable<ProductSpaceParts['duplicates']>['distinct'],
): SearchSpace {
  const shape = cellShape(nodes, operations)
  return productSpace({
    name,
    decisions: shape.edges.map(() => operations.length),
    format: (choices) => formatCell(cellOf(shape, choices)),
    parse: cellParser(name, shape),
    duplicates: {
      canonical(choices, level) {
        const form = level === 'nats-bench' ? natsBenchForm : isomorphismForm
        return form(nodes, cellOf(shape, choices))
      },
      ...(distinct === undefined ? {} : { distinct }),
    },
    isConnected: (choices) => isConnectedCell(nodes, cellOf(shape, choices)),
    network(choices, macro) {
      const { channels, cells } = stagesOf(name, macro)
      checkImages(name, macro)
      const cell = cellOf(shape, choices)
      return buildNetwork(macro, channels, threeStages(channels, cells), (...position) => addCell(cell, ...position))
    },
  })
}

function checkNodes(nodes: number): void {
  const { fewest, most } = cellNodes
  if (Number.isInteger(nodes) && nodes >= fewest && nodes <= most) return
  throw new ConfigError(`nodes of a cell must be a whole number in ${fewest}..${most}, got ${nodes}.`)
}

function checkOperations(operations: readonly string[]): void {
  for (const [i, operation] of operations.entries()) {
    if (operations.indexOf(operation) < i)
      throw new ConfigError(`operations of a cell must be unique, got ${operation} twice.`)
    if (cellOperations.some((known) => known === operation)) continue
    const meant = closest(operation, cellOperations)
    throw new ConfigError(
      `There is no operation "${operation}"${meant === null ? '' : `; did you mean ${meant}?`} ` +
        `(operations of a cell: ${cellOperations.join(', ')}).`,
    )
  }
  if (operations.length < 2) throw new ConfigError('operations of a cell must be at least two.')
}
