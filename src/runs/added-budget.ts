import { configProblems } from '../config/load-config.js'
import type { Config } from '../config/schema/config.js'
import { ConfigError } from '../platform/errors.js'
import { parseDuration } from '../platform/settings/duration.js'
import { either, type Wording, worded } from '../platform/wording.js'

type LimitName = Exclude<keyof Config['budget'], 'atLimit'>

/** Parses the amount to add to each limit; null if the text is not valid. */
const kinds = {
  whole: { parse: (text: string) => numberIn(text, Number.isInteger), expected: 'a whole number of at least 1' },
  number: { parse: (text: string) => numberIn(text, Number.isFinite), expected: 'a number above 0, such as 3.5e15' },
  duration: {
    parse: (text: string) => parseDuration(text) ?? numberIn(text, Number.isFinite),
    expected: 'a duration such as 90s, 30m or 1h30m',
  },
} as const

const kindOf: Readonly<Record<LimitName, keyof typeof kinds>> = {
  trials: 'whole',
  wallClock: 'duration',
  computeSeconds: 'duration',
  epochs: 'number',
  trainingFlops: 'number',
  targetAccuracy: 'number',
}

/**
 * A run's configuration with limits of its budget raised, by texts such as `trials=50` or `wallClock=30m`.
 *
 * @throws ConfigError if a text is invalid, if the run does not have this limit, or if the sum is out of range.
 */
export function addToBudget(config: Config, additions: readonly string[]): Config {
  const budget: { -readonly [Name in keyof Config['budget']]: Config['budget'][Name] } = { ...config.budget }
  for (const text of additions) {
    const [name, amount] = parseAddition(text)
    const before = budget[name]
    if (before === undefined) throw new ConfigError(noSuchLimit(text, budget))
    budget[name] = before + amount
  }
  if ((budget.targetAccuracy ?? 0) > 1) {
    const before = config.budget.targetAccuracy ?? 0
    throw new ConfigError(worded`${added('targetAccuracy')}  would exceed 1: the run has ${before}. Add less.`)
  }
  const raised = { ...config, budget }
  checkRaised(raised, additions)
  return raised
}

/** The sums go into the journal, which must be readable, so they are checked like a configuration. */
function checkRaised(raised: Config, additions: readonly string[]): void {
  const [wrong] = configProblems(raised)
  if (wrong === undefined) return
  const [group, limit] = wrong.path
  const guilty = group === 'budget' ? additions.filter((text) => text.startsWith(`${String(limit)}=`)) : additions
  throw new ConfigError(worded`${added(...guilty)}  ${wrong.sentence}`)
}

/** The changes of `addToBudget`, in words. */
export function describeAddition(before: Config, after: Config): string {
  const changed = namesOf(after.budget).filter((name) => before.budget[name] !== after.budget[name])
  return `budget: ${changed.map((name) => `${name} ${before.budget[name]} -> ${after.budget[name]}`).join(', ')}`
}

function parseAddition(text: string): readonly [LimitName, number] {
  const [, name = '', value = ''] = /^([^=]+)=(.+)$/.exec(text) ?? []
  if (name === '') {
    throw new ConfigError(worded`${added(text)}  must have the form limit=amount, such as ${added('trials=50')}`)
  }
  if (!isLimit(name)) {
    throw new ConfigError(
      worded`${added(text)}  is not a limit of a budget. Valid limits: ${Object.keys(kindOf).join(', ')}.`,
    )
  }
  const { parse, expected } = kinds[kindOf[name]]
  const amount = parse(value)
  if (amount === null || amount <= 0) throw new ConfigError(worded`${added(text)}  must add ${expected}.`)
  return [name, amount]
}

function noSuchLimit(text: string, budget: Config['budget']): Wording {
  const present = namesOf(budget)
  return worded`${added(text)}  cannot raise a limit that the run does not have: its budget is in ${present.join(', ')}. Add to ${present.length === 1 ? 'that' : 'one of these'}.`
}

/** What was asked for. */
function added(...texts: readonly string[]): Wording {
  return either(`add: ${texts.join(', ')}`, texts.map((text) => `--add ${text}`).join(' '))
}

function namesOf(budget: Config['budget']): readonly LimitName[] {
  return Object.keys(kindOf)
    .filter(isLimit)
    .filter((name) => budget[name] !== undefined)
}

function isLimit(name: string): name is LimitName {
  return Object.hasOwn(kindOf, name)
}

function numberIn(text: string, isGood: (value: number) => boolean): number | null {
  const value = Number(text)
  return text.trim() !== '' && isGood(value) ? value : null
}
