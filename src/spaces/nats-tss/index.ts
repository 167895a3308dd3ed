import { cellSpace, defaultCell } from '../cell/index.js'
import type { SearchSpace } from '../search-space.js'

export interface NatsTssOptions {
  readonly name: 'nats-tss'
}

/**
 * The topology search space of NATS-Bench (NAS-Bench-201): a cell of four nodes, one of five operations on each of its
 * six edges, repeated through a network of three stages. The numbers of canonical forms are verified by tests.
 *
 * Indices are our own: the product order of the operations, the last edge changing fastest. They are not NATS-Bench's
 * indices, which follow its shuffled list.
 */
export const natsTss: SearchSpace = cellSpace('nats-tss', defaultCell.nodes, defaultCell.operations, {
  'nats-bench': 6466,
  isomorphism: 4930,
})
