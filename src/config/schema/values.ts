import { z } from 'zod'
import { parseDuration } from '../duration.js'

/* Kinds of values that settings in many groups have. */

export const count = z.int().min(0)
export const positive = z.int().min(1)
/** Images in a batch. */
export const batchSize = positive.max(65_536)
/** The complaint about a fraction out of range; `issues.ts` adds a guess where a percentage was meant. */
export const fractionMessage = 'must be in (0, 1]'
export const fraction = z.number().gt(0, fractionMessage).lte(1, fractionMessage)
export const rate = z.number().gt(0)

export const duration = z
  .union([z.number().gt(0), z.string()])
  .transform((value, context) => {
    const seconds = typeof value === 'number' ? value : parseDuration(value)
    if (seconds === null || seconds <= 0) {
      context.addIssue({ code: 'custom', message: 'must be a duration such as 90s, 30m or 1h30m', input: value })
      return z.NEVER
    }
    return seconds
  })
  .describe('Seconds, or a duration such as 90s, 30m, 1h30m')

export const duplicates = z
  .enum(['string', 'nats-bench', 'isomorphism'])
  .default('isomorphism')
  .describe('When two architectures count as the same and are not proposed twice')
