import { z } from 'zod'
import { ConfigError } from '../errors.js'
import { expandHome } from '../home.js'
import { parseDuration } from './duration.js'

/* Schemas of values that several groups of settings use. */

/** Larger values are mistakes, and sums and products must stay exact integers. */
const mostCounted = 1_000_000_000
/** Maximum number of things that are kept in memory. */
export const mostHeld = 1_000_000

export const nonNegative = z.int().min(0).max(mostCounted)
export const positive = z.int().min(1).max(mostCounted)
export const held = positive.max(mostHeld)
/** Images in a batch. */
export const batchSize = positive.max(65_536)
/** The message for a fraction out of range; `issues.ts` adds a suggestion if a percentage was meant. */
export const fractionMessage = 'must be in (0, 1]'
export const fraction = z.number().gt(0, fractionMessage).lte(1, fractionMessage)
export const rate = z.number().gt(0)

const secondsPerDay = 86_400

/** @param mostDays maximum in days. */
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

/** A path; `~` is the home directory. Relative to the working directory unless absolute. */
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
  .describe('When two architectures count as the same; none is proposed twice')
