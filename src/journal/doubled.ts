/**
 * A result that a journal has more than once, because two processes drove the run at the same time. The first one
 * counts.
 */
export interface DoubledResult {
  readonly arm: string
  readonly what: 'trial' | 'finalist' | 'test' | 'candidate'
  /** For a prefilter candidate: its position in the pool. */
  readonly trial: number
}

/** The results recorded more than once, each listed once. */
export class DoubledResults {
  readonly #seen = new Map<string, IndexSet>()
  readonly #doubled = new Map<string, DoubledResult>()

  /** Records a result. @returns whether it is the first one, which counts. */
  add(what: DoubledResult['what'], arm: string, trial: number): boolean {
    const kind = `${what} ${arm}`
    const seen = this.#seen.get(kind) ?? new IndexSet()
    this.#seen.set(kind, seen)
    if (seen.add(trial)) return true
    this.#doubled.set(`${trial} ${kind}`, { arm, what, trial })
    return false
  }

  has(what: DoubledResult['what'], arm: string, trial: number): boolean {
    return this.#seen.get(`${what} ${arm}`)?.has(trial) ?? false
  }

  all(): readonly DoubledResult[] {
    return [...this.#doubled.values()]
  }
}

/**
 * A set of whole numbers from 0 on. Numbers without a gap before them take no memory, since trials end nearly in order.
 */
class IndexSet {
  /** All numbers below are in the set. */
  #below = 0
  readonly #others = new Set<number>()

  /** @returns whether it was not in the set. */
  add(index: number): boolean {
    if (this.has(index)) return false
    this.#others.add(index)
    while (this.#others.delete(this.#below)) this.#below++
    return true
  }

  has(index: number): boolean {
    return index < this.#below || this.#others.has(index)
  }
}

const names = { trial: 'trial', finalist: 'finalist', test: 'test measurement', candidate: 'candidate' } as const

/** As one line for the user. */
export function describeDoubled(doubled: readonly DoubledResult[]): string {
  const lists = new Map<string, number[]>()
  for (const { arm, what, trial } of doubled) {
    const list = `${arm}: ${names[what]}`
    lists.set(list, [...(lists.get(list) ?? []), trial])
  }
  const text = [...lists]
    .map(([list, trials]) => `${list}${trials.length === 1 ? '' : 's'} ${ranges(trials)}`)
    .join('; ')
  const results = doubled.length === 1 ? '1 result is' : `${doubled.length} results are`
  return `${results} recorded more than once (${text}): two processes drove this run at once. The first of each counts.`
}

const mostRanges = 8

/** Such as `3-7, 9`. */
function ranges(numbers: readonly number[]): string {
  const found: { from: number; to: number }[] = []
  for (const number of numbers.toSorted((a, b) => a - b)) {
    const last = found.at(-1)
    if (last?.to === number - 1) last.to = number
    else found.push({ from: number, to: number })
  }
  const shown = found.slice(0, mostRanges).map(({ from, to }) => (from === to ? String(from) : `${from}-${to}`))
  return [...shown, ...(found.length > mostRanges ? ['...'] : [])].join(', ')
}
