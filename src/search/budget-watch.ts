import type { Channel, ChannelNumbers } from '../execution/channel/channel.js'
import { type BudgetUnit, budgetUnits, type TaskBudget } from '../execution/task-limits.js'
import { type Budget, type BudgetLimit, reachedLimit, type Spending } from './budget.js'
import { type Ledger, searchActivities } from './ledger.js'
import type { TrialTable } from './trial-table.js'

/** The record of a search's costs. */
export interface BudgetBooks {
  readonly ledger: Ledger
  /** Seconds since the arm began. */
  readonly wallSeconds: () => number
  /** The activities that count towards the budget; default all. */
  readonly searchSeconds?: (() => number) | undefined
}

/** What an arm's search has spent: calibration, prefilter and evaluations, but not the full training of finalists. */
export function spentBy(arm: string, books: BudgetBooks, { fidelities, leader, proposed }: TrialTable): Spending {
  const { ledger, wallSeconds, searchSeconds = wallSeconds } = books
  const { computeSeconds, epochs, trainingFlops } = ledger.total(arm, ...searchActivities)
  return {
    trials: proposed,
    wallSeconds: searchSeconds(),
    computeSeconds,
    epochs,
    trainingFlops,
    targetAccuracy: leader?.fidelity === fidelities - 1 ? leader.score : 0,
  }
}

/** What running trials that are aborted at a limit count together, each a number of the search's channel. */
export function budgetNumbers(budget: Budget): ChannelNumbers {
  const limited = budget.atLimit === 'abort' ? budgetUnits.filter((unit) => budget[unit] !== undefined) : []
  return Object.fromEntries(limited.map((unit) => [unit, 'sum'] as const))
}

/** Tracks the budget of a search: what is spent, which limit is reached, and when running trials must end. */
export class BudgetWatch {
  readonly #arm: string
  readonly #budget: Budget
  readonly #books: BudgetBooks
  readonly #table: TrialTable
  /** Null where running trials finish. */
  readonly #channel: Channel | null
  readonly #shared: readonly BudgetUnit[]

  /** @param channel the search's, with `budgetNumbers`; needed where running trials are aborted */
  constructor(arm: string, budget: Budget, books: BudgetBooks, table: TrialTable, channel: Channel | null) {
    this.#arm = arm
    this.#budget = budget
    this.#books = books
    this.#table = table
    this.#channel = budget.atLimit === 'abort' ? channel : null
    this.#shared = Object.keys(budgetNumbers(budget)) as BudgetUnit[]
  }

  spent(): Spending {
    return spentBy(this.#arm, this.#books, this.#table)
  }

  /**
   * The first limit that is reached, or null. With `atLimit: abort` the costs of running trials count already, so that
   * no trial starts only to be aborted.
   */
  reached(): BudgetLimit | null {
    const spent = this.spent()
    const channel = this.#channel
    if (channel === null) return reachedLimit(this.#budget, spent)
    this.#publish(channel, spent)
    const withRunning = this.#shared.map((unit) => [unit, channel.read(unit)] as const)
    return reachedLimit(this.#budget, { ...spent, ...Object.fromEntries(withRunning) })
  }

  /** For the task of a trial that starts; undefined where running trials finish. */
  taskBudget(): TaskBudget | undefined {
    if (this.#channel === null) return undefined
    const spent = this.spent()
    this.#publish(this.#channel, spent)
    const { wallSeconds } = this.#budget
    return {
      limits: Object.fromEntries(this.#shared.map((unit) => [unit, this.#budget[unit]])),
      ...(wallSeconds !== undefined && { wallSeconds: wallSeconds - spent.wallSeconds }),
    }
  }

  /** A trial has ended, its cost is booked, and its task has left the channel: in this order it is never counted twice. */
  settle(): void {
    if (this.#channel !== null && this.reached() === 'targetAccuracy') this.#channel.abort()
  }

  /** What finished trials cost. */
  #publish(channel: Channel, spent: Spending): void {
    for (const unit of this.#shared) channel.publish(unit, spent[unit])
  }
}
