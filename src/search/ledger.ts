import { addCosts, type Cost, noCost, type Outcome } from '../evaluators/outcome.js'

/** What an arm spends on. */
export type Activity = 'prefilter' | 'calibration' | 'evaluation' | 'finalists'

/** What a search is charged for, and its budget counts: all but the full training afterwards. */
export const searchActivities = ['prefilter', 'calibration', 'evaluation'] as const satisfies readonly Activity[]

/**
 * The books of a run: every second and every FLOP, by arm, activity and phase, whatever became of the trial that spent
 * it. A total equals the sum of its phases.
 */
export class Ledger {
  readonly #accounts = new Map<string, Account>()

  /** Books everything an outcome cost; in a search over fidelities by its `fidelity`. */
  charge(arm: string, activity: Activity, outcome: Outcome, fidelity?: number): void {
    const account = this.#account(arm, activity)
    account.total = addCosts(account.total, outcome.cost)
    for (const phase in outcome.phases) {
      const key = fidelity === undefined ? phase : `fidelity-${fidelity}/${phase}`
      account.phases.set(key, addCosts(account.phases.get(key) ?? noCost, outcome.phases[phase] ?? noCost))
    }
  }

  /** All that an arm spent on some activities, or on all of them. */
  total(arm: string, ...activities: readonly Activity[]): Cost {
    let total = noCost
    for (const account of this.#accounts.values()) {
      if (account.arm !== arm) continue
      if (activities.length === 0 || activities.includes(account.activity)) total = addCosts(total, account.total)
    }
    return total
  }

  /** What an arm spent, by `activity/phase`, or `activity/fidelity-N/phase`. */
  phases(arm: string): Readonly<Record<string, Cost>> {
    const phases: Record<string, Cost> = {}
    for (const account of this.#accounts.values()) {
      if (account.arm !== arm) continue
      for (const [phase, cost] of account.phases) phases[`${account.activity}/${phase}`] = cost
    }
    return phases
  }

  #account(arm: string, activity: Activity): Account {
    const key = `${activity}/${arm}`
    let account = this.#accounts.get(key)
    if (account === undefined) {
      account = { arm, activity, total: noCost, phases: new Map() }
      this.#accounts.set(key, account)
    }
    return account
  }
}

interface Account {
  readonly arm: string
  readonly activity: Activity
  total: Cost
  readonly phases: Map<string, Cost>
}
