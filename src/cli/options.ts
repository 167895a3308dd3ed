import { InvalidArgumentError } from 'commander'
import { ConfigError } from '../platform/errors.js'
import { expandHome } from '../platform/home.js'
import type { SeedPart } from '../platform/rng.js'
import { visibleJson } from '../platform/visible-text.js'
import { writeError, writeOut } from './output.js'

/** Collects a repeatable option. */
export function collect(value: string, previous: readonly string[]): string[] {
  return [...previous, value]
}

/** A whole number of at least 1. */
export function positiveInteger(text: string): number {
  const value = Number(text)
  if (!Number.isSafeInteger(value) || value < 1)
    throw new InvalidArgumentError('It must be a whole number of at least 1.')
  return value
}

/** A whole number from 1 to `limit`: more would not fit into memory, or is a mistake. */
export function upTo(limit: number): (text: string) => number {
  return (text) => {
    const value = positiveInteger(text)
    if (value <= limit) return value
    throw new InvalidArgumentError(`It must be at most ${limit}.`)
  }
}

/** Different seeds separated by commas; whole numbers are numbers, as they are in a configuration. */
export function seedList(text: string): readonly SeedPart[] {
  const seeds = text.split(',').map((part) => (/^-?\d+$/.test(part) ? Number(part) : part))
  if (seeds.some((seed) => typeof seed === 'string' && !/^[\w-]+$/.test(seed))) {
    throw new InvalidArgumentError('It must be seeds separated by commas, such as 1,2,3.')
  }
  if (new Set(seeds).size < seeds.length) throw new InvalidArgumentError('No seed may be given twice.')
  return seeds
}

/** A path; `~` is the home directory even if quoted. */
export function pathArgument(text: string): string {
  if (text === '') throw new InvalidArgumentError('It is empty.')
  try {
    return expandHome(text)
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error
    throw new InvalidArgumentError(error.message)
  }
}

/** A note on standard error. */
export function printNote(text: string): void {
  writeError(`${text}\n`)
}

/** JSON: one line for programs, indented on a terminal. */
export function printJson(value: unknown): void {
  writeOut(`${visibleJson(value, process.stdout.isTTY ? 2 : undefined)}\n`)
}
