import { z } from 'zod'
import { ConfigError } from '../errors.js'
import { expandHome } from '../home.js'
import { parseDuration } from './duration.js'

/* Kinds of values that settings in many groups have. */

/** More is a slip, and sums and products of such numbers must stay whole numbers. */
const mostCounted = 1_000_000_000
/** Of what is held in memory, one by one. */
export const mostHeld = 1_000_000

export const count = z.int().min(0).max(mostCounted)
export const positive = z.int().min(1).max(mostCounted)
export const held = positive.max(mostHeld)
/** Images in a batch. */
export const batchSize = positive.max(65_536)
/** The complaint about a fraction out of range; `issues.ts` adds a guess where a percentage was meant. */
export const fractionMessage = 'must be in (0, 1]'
export const fraction = z.number().gt(0, fractionMessage).lte(1, fractionMessage)
export const rate = z.number().gt(0)

const secondsPerDay = 86_400

/** @param mostDays a longer one is refused. */
export function durationUpTo(mostDays: number) {
  return z
    .union([z.number().gt(0), z.string()])
    .transform((value, context) => {
      const seconds = typeof value === 'number' ? value : parseDuration(value)
      const message =
        seconds === null || seconds <= 0
          ? 'must be a duration such as 90s, 30m or 1h30m'
          : seconds > mostDays * secondsPerDay
            ? `must be at most ${mostDays}d`
            : null
      if (seconds !== null && message === null) return seconds
      context.addIssue({ code: 'custom', message: message ?? '', input: value })
      return z.NEVER
    })
    .describe('Seconds, or a duration such as 90s, 30m, 1h30m')
}

export const duration = durationUpTo(3650)

/** A path, in which `~` is the home directory; from the working directory unless it is absolute. */
export const userPath = z
  .string()
  .min(1)
  .transform((written, context) => {
    try {
      return expandHome(written)
    } catch (error) {
      if (!(error instanceof ConfigError)) throw error
      context.addIssue({
        code: 'custom',
        message: "must be a path in full or with ~/ (other users' home directories are not looked up)",
        input: written,
      })
      return z.NEVER
    }
  })

export const duplicates = z
  .enum(['string', 'nats-bench', 'isomorphism'])
  .default('isomorphism')
  .describe('When two architectures count as the same and are not proposed twice')
