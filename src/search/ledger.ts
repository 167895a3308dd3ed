import { addCosts, type Cost, noCost, type Outcome } from '../evaluators/outcome.js'

/** The activities that cost an arm something. */
export type Activity = 'prefilter' | 'calibration' | 'evaluation' | 'finalists'

/** The activities that count towards a search's budget: all but the full training of finalists. */
export const searchActivities = ['prefilter', 'calibration', 'evaluation'] as const satisfies readonly Activity[]

/**
 * The costs of a run: every second and FLOP, by arm, activity and phase, for trials with any outcome. A total equals
 * the sum of its phases.
 */
export class Ledger {
  readonly #accounts = new Map<string, Account>()

  /** Records the cost of an outcome; in a search over fidelities, by `fidelity`. */
  charge(arm: string, activity: Activity, outcome: Outcome, fidelity?: number): void {
    const account = this.#account(arm, activity)
    account.total = addCosts(account.total, outcome.cost)
    for (const phase in outcome.phases) {
      const key = fidelity === undefined ? phase : `fidelity-${fidelity}/${phase}`
      account.phases.set(key, addCosts(account.phases.get(key) ?? noCost, outcome.phases[phase] ?? noCost))
    }
  }

  /** The cost of an arm's activities; default all. */
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
