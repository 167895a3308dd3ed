import type { Cost } from '../evaluators/outcome.js'
import type { Clock } from '../platform/clock.js'

/**
 * What a task knows of the budget that it shares with others, where running trials are aborted at its limit. Threads
 * share the memory; a worker process has a copy, which is kept up to date.
 */
export interface TaskBudget {
  readonly buffer: SharedArrayBuffer
  /** The task's own row of the buffer. */
  readonly row: number
  /** Seconds from the task's start after which it is over by the clock on the wall; Infinity for no limit. */
  readonly wallSeconds: number
}

/** A limit that many sums of costs are compared with: their rounding must not end a trial that fits in exactly. */
const tolerance = 1e-9

const columns = ['computeSeconds', 'epochs', 'trainingFlops'] as const satisfies readonly (keyof Cost)[]

/** The part of a cost that budgets limit; of a limit Infinity stands for none. */
export type SharedCost = Pick<Cost, (typeof columns)[number]>

/**
 * The costs of a search in memory that its running trials share, one row of three float64 each: first the limits, then
 * what finished trials cost, then what each running one has cost so far. Every row has one writer, so that sums are exact
 * without locks; they may be a step old.
 */
export class SharedBudget {
  readonly buffer: SharedArrayBuffer
  readonly #bits: BigInt64Array
  readonly #number = new Float64Array(1)
  readonly #pattern = new BigInt64Array(this.#number.buffer)

  constructor(buffer: SharedArrayBuffer) {
    this.buffer = buffer
    this.#bits = new BigInt64Array(buffer)
  }

  static readonly firstRow = 2

  /** For at most `running` trials at a time, whose rows are `firstRow` and on. */
  static create(limits: SharedCost, running: number): SharedBudget {
    const rows = SharedBudget.firstRow + running
    const budget = new SharedBudget(new SharedArrayBuffer(rows * columns.length * Float64Array.BYTES_PER_ELEMENT))
    budget.#write(0, limits)
    return budget
  }

  /** The copy of another process. */
  static copy(values: readonly number[]): SharedBudget {
    const budget = new SharedBudget(new SharedArrayBuffer(values.length * Float64Array.BYTES_PER_ELEMENT))
    budget.setValues(values)
    return budget
  }

  /** What finished trials cost. */
  setFinished(spent: SharedCost): void {
    this.#write(1, spent)
  }

  /** What the trial of a row has cost so far. */
  setRunning(row: number, spent: SharedCost): void {
    this.#write(row, spent)
  }

  /** What the trial of a row has cost so far. */
  running(row: number): SharedCost {
    const [computeSeconds, epochs, trainingFlops] = columns.map((_, column) => this.#read(row, column))
    return { computeSeconds, epochs, trainingFlops } as SharedCost
  }

  /** What all running trials have cost so far. */
  allRunning(): SharedCost {
    const [computeSeconds, epochs, trainingFlops] = columns.map((_, column) => this.#sum(SharedBudget.firstRow, column))
    return { computeSeconds, epochs, trainingFlops } as SharedCost
  }

  /** From now on every trial is over budget. */
  close(): void {
    this.#write(0, { computeSeconds: -1, epochs: -1, trainingFlops: -1 })
  }

  /** Whether more than one of the limits has been spent, by all trials together. */
  isOver(): boolean {
    return columns.some((_, column) => this.#sum(1, column) > this.#read(0, column) * (1 + tolerance))
  }

  /** Every number, for a process that shares no memory. */
  values(): readonly number[] {
    return Array.from(this.#bits, (_, i) => this.#at(i))
  }

  /** Takes over the numbers of another process, except for a row that is written here. */
  setValues(values: readonly number[], ownRow = -1): void {
    values.forEach((value, i) => {
      if (Math.floor(i / columns.length) !== ownRow) this.#set(i, value)
    })
  }

  #write(row: number, spent: SharedCost): void {
    for (const [column, name] of columns.entries()) this.#set(row * columns.length + column, spent[name])
  }

  #sum(firstRow: number, column: number): number {
    let sum = 0
    for (let row = firstRow; row * columns.length < this.#bits.length; row++) sum += this.#read(row, column)
    return sum
  }

  #read(row: number, column: number): number {
    return this.#at(row * columns.length + column)
  }

  /** Atomics work on integers only; a float64 travels as the 64-bit integer with the same bits. */
  #at(index: number): number {
    this.#pattern[0] = Atomics.load(this.#bits, index)
    return this.#number[0] as number
  }

  #set(index: number, value: number): void {
    this.#number[0] = value
    Atomics.store(this.#bits, index, this.#pattern[0] as bigint)
  }
}

/** What a running trial asks after every step: tells the others what it has cost, and whether all together are over. */
export function overBudget({ buffer, row, wallSeconds }: TaskBudget, wallClock: Clock): (spent: Cost) => boolean {
  const shared = new SharedBudget(buffer)
  const startedSeconds = wallClock.now()
  return (spent) => {
    shared.setRunning(row, spent)
    return wallClock.now() - startedSeconds > wallSeconds || shared.isOver()
  }
}
