import type { NetworkSpec } from '../networks/network-spec.js'
import { ConfigError } from '../platform/errors.js'
import type { Architecture, DuplicateLevel, MacroSpec, SearchSpace } from './search-space.js'

/** One choice for each decision of a space, from 0. */
export type Choices = readonly number[]

/** The definition of a space of independent decisions, in which any combination of choices is an architecture. */
export interface ProductSpaceParts {
  readonly name: string
  /** How many choices each decision has. */
  readonly decisions: readonly number[]
  format(choices: Choices): Architecture
  /** @throws ArchitectureError saying which part is wrong and what is expected. */
  parse(text: string): Choices
  /** When two architectures are the same; absent if no two are. */
  readonly duplicates?: {
    canonical(choices: Choices, level: Exclude<DuplicateLevel, 'string'>): string
    /** Known numbers of forms, to avoid counting them. */
    readonly distinct?: Readonly<Record<Exclude<DuplicateLevel, 'string'>, number>>
  }
  /** Absent if every network's output depends on its input. */
  isConnected?(choices: Choices): boolean
  network(choices: Choices, macro: MacroSpec): NetworkSpec
}

/** Maximum size of a space whose canonical forms are counted, which takes some seconds. */
export const countableSize = 300_000

/**
 * The search space of all combinations of choices. Its order is the product order, the last decision changing fastest
 * as in `itertools.product`; neighbours differ in one decision.
 *
 * @throws ConfigError if there are more architectures than integers in a double (2^53).
 */
export function productSpace(parts: ProductSpaceParts): SearchSpace {
  const { name, decisions, duplicates, format, parse } = parts
  const size = decisions.reduce((product, choices) => product * choices, 1)
  if (size > Number.MAX_SAFE_INTEGER) {
    const bits = Math.log2(size).toFixed(0)
    throw new ConfigError(`This space ${name} has about 2^${bits} architectures, and at most 2^53 can be numbered.`)
  }
  const choicesAt = (index: number): Choices => {
    if (!Number.isInteger(index) || index < 0 || index >= size) {
      throw new RangeError(`an index of ${name} is an integer from 0 to ${size - 1}, got ${index}`)
    }
    const choices: number[] = new Array(decisions.length)
    let rest = index
    for (let i = decisions.length - 1; i >= 0; i--) {
      const count = decisions[i] as number
      choices[i] = rest % count
      rest = Math.floor(rest / count)
    }
    return choices
  }
  const at = (index: number): Architecture => format(choicesAt(index))
  const canonical = (architecture: Architecture, level: DuplicateLevel): string =>
    level === 'string' || duplicates === undefined
      ? format(parse(architecture))
      : duplicates.canonical(parse(architecture), level)
  const counted = new Map<DuplicateLevel, number>()
  const countForms = (level: DuplicateLevel): number => {
    const forms = new Set<string>()
    for (let index = 0; index < size; index++) forms.add(canonical(at(index), level))
    return forms.size
  }
  return {
    name,
    size,
    at,
    indexOf: (architecture) =>
      parse(architecture).reduce((index, choice, i) => index * (decisions[i] as number) + choice, 0),
    parse: (text) => format(parse(text)),
    canonical,
    distinct(level) {
      if (level === 'string' || duplicates === undefined) return size
      if (duplicates.distinct !== undefined) return duplicates.distinct[level]
      if (size > countableSize) return null
      const count = counted.get(level) ?? countForms(level)
      counted.set(level, count)
      return count
    },
    isConnected: (architecture) => parts.isConnected?.(parse(architecture)) ?? true,
    decisions,
    choices: parse,
    fromChoices: (choices) => {
      const fits =
        choices.length === decisions.length && choices.every((choice, i) => isChoice(choice, decisions[i] ?? 0))
      return fits ? format(choices) : null
    },
    neighbours(architecture) {
      const own = parse(architecture)
      const choices = own.slice()
      const neighbours: Architecture[] = []
      for (const [i, count] of decisions.entries()) {
        for (let choice = 0; choice < count; choice++) {
          if (choice === own[i]) continue
          choices[i] = choice
          neighbours.push(format(choices))
        }
        choices[i] = own[i] as number
      }
      return neighbours
    },
    sample: (rng) => at(rng.integer(size)),
    network: (architecture, macro) => parts.network(parse(architecture), macro),
  }
}

function isChoice(choice: number, count: number): boolean {
  return Number.isInteger(choice) && choice >= 0 && choice < count
}
