import { z } from 'zod'
import { isModulePath } from '../../platform/parts/part-kind.js'
import { moduleShape, valueShape } from '../../platform/parts/part-shapes.js'
import { positive } from '../../platform/settings/values.js'
import { cellNodes, defaultCell } from '../../spaces/cell/index.js'
import { cellOperations } from '../../spaces/cell/operations.js'
import type { SearchSpace } from '../../spaces/search-space.js'

const channels = positive.max(256)
const cells = positive.max(20)

/** Settings of spaces whose networks have three stages of equal cells. */
const stages = {
  channels: channels.default(16).describe('Channels of the first stage; each of the two reductions doubles them'),
  cells: cells.default(5).describe('Cells in each of the three stages'),
}

const natsTss = z
  .strictObject({
    // Optional, also beside other settings.
    name: z.literal('nats-tss').optional().default('nats-tss'),
    ...stages,
  })
  .describe('NATS-Bench topology space: 15,625 cells')

const chosen = z.never('must be left out: architectures of nats-sss have their own widths').optional()

const natsSss = z
  .strictObject({ name: z.literal('nats-sss'), channels: chosen, cells: chosen })
  .describe('NATS-Bench size space: 32,768 combinations of the widths of five layers; without channels and cells')

const cell = {
  nodes: z
    .int()
    .min(cellNodes.fewest)
    .max(cellNodes.most)
    .default(defaultCell.nodes)
    .describe('Nodes of a cell, including its input and output; every pair is joined by an operation'),
  operations: z
    .array(z.enum(cellOperations))
    .min(2, 'must be a list of at least two operations')
    .default([...defaultCell.operations])
    .describe('Operations that may join two nodes'),
}

const ownCell = z
  .strictObject({ name: z.literal('cell'), ...cell, ...stages })
  .describe('Cells with your choice of nodes and operations')

/** What a space from outside the package may be told of its networks; it need not use them. */
const ownStages = {
  channels: channels.optional().describe('macro.channels, for a space that uses it'),
  cells: cells.optional().describe('macro.cells, for a space that uses it'),
}

const moduleSpace = moduleShape('makes a search space: (settings) => SearchSpace')

/** The setting `space` of a configuration. */
export const spaceSchema = z.discriminatedUnion('name', [
  natsTss,
  natsSss,
  ownCell,
  z.strictObject({ ...moduleSpace, ...ownStages }),
  z.strictObject({ ...valueShape<SearchSpace>(), ...ownStages }),
])

/** A space by its name or module, or as a group of its settings where it has some: of tables, which have no networks. */
export const tableSpaceSchema = z.preprocess(
  (value) =>
    typeof value !== 'string' ? value : isModulePath(value) ? { name: 'module', module: value } : { name: value },
  z.discriminatedUnion('name', [
    z.strictObject({ name: z.literal('nats-tss') }),
    z.strictObject({ name: z.literal('nats-sss') }),
    z.strictObject({ name: z.literal('cell'), ...cell }),
    z.strictObject(moduleSpace),
  ]),
)
