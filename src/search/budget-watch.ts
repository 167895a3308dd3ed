import type { Executor } from '../execution/executor.js'
import { SharedBudget, type TaskBudget } from '../execution/shared-budget.js'
import { type Budget, type BudgetLimit, reachedLimit, type Spending } from './budget.js'
import { type Ledger, searchActivities } from './ledger.js'
import type { TrialTable } from './trial-table.js'

/** Where a search's spending is written down. */
export interface BudgetBooks {
  readonly executor: Pick<Executor, 'workers'>
  readonly ledger: Ledger
  /** Seconds since the arm began. */
  readonly wallSeconds: () => number
  /** Those of them that the budget is about; all unless told. */
  readonly searchSeconds?: (() => number) | undefined
}

/**
 * What an arm's search has spent: calibration, prefilter and evaluations. Full training of finalists comes afterwards, and
 * no limit is about it.
 */
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

/** A running trial's share in the budget. */
export interface TrialBudget {
  /** For its task; undefined where running trials finish. */
  readonly budget: TaskBudget | undefined
  /** Once the trial has ended and its cost is booked. */
  leave(): void
}

const unwatched: TrialBudget = { budget: undefined, leave: () => {} }

/** Looks after the budget of a search: what is spent, which limit is reached, and when running trials are to end. */
export class BudgetWatch {
  readonly #arm: string
  readonly #budget: Budget
  readonly #books: BudgetBooks
  readonly #table: TrialTable
  readonly #shared: SharedBudget | null
  /** Rows of the shared memory that no running trial has. */
  readonly #rows: number[]

  constructor(arm: string, budget: Budget, books: BudgetBooks, table: TrialTable) {
    this.#arm = arm
    this.#budget = budget
    this.#books = books
    this.#table = table
    const { workers } = books.executor
    const { computeSeconds = Infinity, epochs = Infinity, trainingFlops = Infinity } = budget
    this.#shared =
      budget.atLimit === 'abort' ? SharedBudget.create({ computeSeconds, epochs, trainingFlops }, workers) : null
    this.#rows = Array.from({ length: workers }, (_, i) => SharedBudget.firstRow + i)
  }

  spent(): Spending {
    return spentBy(this.#arm, this.#books, this.#table)
  }

  /**
   * The first limit that is reached; null while there is something left of each. Where running trials are to be aborted
   * what they have cost counts already, so that none starts only to be aborted.
   */
  reached(): BudgetLimit | null {
    const spent = this.spent()
    if (this.#shared === null) return reachedLimit(this.#budget, spent)
    const { computeSeconds, epochs, trainingFlops } = this.#shared.allRunning()
    return reachedLimit(this.#budget, {
      ...spent,
      computeSeconds: spent.computeSeconds + computeSeconds,
      epochs: spent.epochs + epochs,
      trainingFlops: spent.trainingFlops + trainingFlops,
    })
  }

  /** A trial starts. */
  enter(): TrialBudget {
    const shared = this.#shared
    const row = this.#rows.shift()
    if (shared === null || row === undefined) return unwatched
    const spent = this.spent()
    shared.setFinished(spent)
    return {
      budget: { buffer: shared.buffer, row, wallSeconds: (this.#budget.wallSeconds ?? Infinity) - spent.wallSeconds },
      leave: () => this.#leave(shared, row),
    }
  }

  /** Its cost is among those of finished trials from now on. In this order, so that it is never counted twice. */
  #leave(shared: SharedBudget, row: number): void {
    shared.setRunning(row, { computeSeconds: 0, epochs: 0, trainingFlops: 0 })
    shared.setFinished(this.spent())
    if (this.reached() === 'targetAccuracy') shared.close()
    this.#rows.push(row)
  }
}
