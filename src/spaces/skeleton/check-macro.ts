import { ConfigError } from '../../platform/errors.js'
import type { MacroSpec } from '../search-space.js'

/** @throws ConfigError unless images can be halved twice, and sizes and classes are positive integers. */
export function checkImages(space: string, { classes, input: { channels, height, width } }: MacroSpec): void {
  requirePositive(space, { classes, 'input channels': channels, 'image height': height, 'image width': width })
  if (height % 4 === 0 && width % 4 === 0) return
  const fitting = (side: number) => 4 * Math.ceil(side / 4)
  throw new ConfigError(
    `A ${space} network halves the image twice, so height and width must be multiples of 4, got ${height}x${width}. ` +
      `The next size that fits is ${fitting(height)}x${fitting(width)}.`,
  )
}

/**
 * The channels and cells of a network of equal stages.
 *
 * @throws ConfigError unless they are positive integers.
 */
export function stagesOf(space: string, { channels, cells }: MacroSpec): { channels: number; cells: number } {
  requirePositive(space, { channels, cells })
  return { channels: channels as number, cells: cells as number }
}

function requirePositive(space: string, counts: Readonly<Record<string, number | undefined>>): void {
  for (const [name, value] of Object.entries(counts)) {
    if (value !== undefined && Number.isInteger(value) && value > 0) continue
    throw new ConfigError(`${name} of a ${space} network must be a positive integer, got ${value}.`)
  }
}
