import { z } from 'zod'

const size = z.int().min(1).max(65_536)

/**
 * A search space with what its networks stand in, read from a file that may be damaged or someone else's. Sizes are bounded,
 * and fields that are not named here stay as they are.
 */
export const placedSpaceSchema = z.looseObject({
  name: z.string(),
  nodes: z.int().min(2).max(20).optional(),
  operations: z.array(z.string()).max(100).optional(),
  macro: z.looseObject({
    channels: size.optional(),
    cells: z.int().min(1).max(1000).optional(),
    input: z.looseObject({ channels: size, height: size, width: size }),
    classes: z.int().min(1).max(1e6),
  }),
})
