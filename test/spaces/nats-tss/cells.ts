import type { Architecture, MacroSpec } from '../../../src/spaces/search-space.js'

/** The cell with one operation on all edges. */
export function uniformCell(operation: string): Architecture {
  return `|${operation}~0|+|${operation}~0|${operation}~1|+|${operation}~0|${operation}~1|${operation}~2|`
}

/** The network of NAS-Bench-201 on CIFAR-10. */
export const cifar10Macro: MacroSpec = {
  channels: 16,
  cells: 5,
  input: { channels: 3, height: 32, width: 32 },
  classes: 10,
}

/** One channel of 4x4 pixels, two classes: small enough to count by hand. */
export const tinyMacro: MacroSpec = {
  channels: 1,
  cells: 1,
  input: { channels: 1, height: 4, width: 4 },
  classes: 2,
}
