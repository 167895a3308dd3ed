import { addCell } from '../cell/add-cell.js'
import { type Cell, cellOf, cellShape } from '../cell/cell.js'
import { productSpace } from '../product-space.js'
import type { SearchSpace } from '../search-space.js'
import { checkImages } from '../skeleton/check-macro.js'
import { buildNetwork, type Layer } from '../skeleton/skeleton.js'
import { formatWidths, layerCount, parseWidths, widths } from './spelling.js'

export interface NatsSssOptions {
  readonly name: 'nats-sss'
}

/** NATS-Bench's one cell: `|3x3~0|+|3x3~0|3x3~1|+|skip~0|3x3~1|3x3~2|`. */
const cell: Cell = cellOf(cellShape(4, ['nor_conv_3x3', 'skip_connect']), [0, 0, 0, 1, 0, 0])

const kinds: readonly Layer['kind'][] = ['cell', 'reduction', 'cell', 'reduction', 'cell']

/**
 * The size search space of NATS-Bench: one cell for all, and eight widths for each of five layers, `8:16:24:64:64`: the
 * stem and the first cell, then a reduction, a cell, a reduction and a cell. No two strings are the same network, and
 * widths are absolute: `channels` and `cells` of the macro are not used.
 *
 * Indices are the product order of the widths, the last one changing fastest.
 */
export const natsSss: SearchSpace = productSpace({
  name: 'nats-sss',
  decisions: Array.from({ length: layerCount }, () => widths.length),
  format: formatWidths,
  parse: parseWidths,
  network(choices, macro) {
    checkImages('nats-sss', macro)
    const layers = kinds.map((kind, i): Layer => ({ kind, channels: widths[choices[i] as number] as number }))
    const stemChannels = layers[0]?.channels as number
    return buildNetwork(macro, stemChannels, layers, (...position) => addCell(cell, ...position))
  },
})
