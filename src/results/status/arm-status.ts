import type { Outcome, OutcomeCounts } from '../../evaluators/outcome.js'
import { type ArmDigest, emptyArmDigest, type RunDigest } from '../../journal/run-digest.js'
import { type Budget, type BudgetUse, budgetUse } from '../../search/budget.js'
import type { Architecture } from '../../spaces/search-space.js'
import type { RunPlan } from './planned-arm.js'
import { secondsLeft } from './time-left.js'

/** The progress of an arm. */
export interface ArmStatus {
  readonly name: string
  /** Null if the configuration cannot be read. */
  readonly evaluator: string | null
  readonly phase: ArmPhase
  readonly trials: {
    readonly finished: number
    /** Started and not finished. If the run is not running, `resume` runs them again. */
    readonly running: number
    readonly outcomes: OutcomeCounts
  }
  readonly best: ArmDigest['best']
  /** FEAR's threshold if found by calibration; in 0..1. */
  readonly threshold: number | null
  /** Planned and used of each limit. The first arm has the configuration's; the others as many trials as it had. */
  readonly budget: readonly BudgetUse[]
  /** Seconds of evaluations, calibration and finalists, summed over workers. */
  readonly computeSeconds: number
  /** Since the arm began, over all sessions, at its last event. */
  readonly wallSeconds: number
  /** Seconds until the arm's search ends, at its mean pace so far. Null if unknown or not running. */
  readonly secondsLeft: number | null
  readonly finalists: {
    readonly planned: number
    readonly finished: readonly {
      readonly trial: number
      readonly architecture: Architecture
      readonly outcome: Outcome['kind']
      /** In 0..1. */
      readonly validationAccuracy: number | null
    }[]
  }
  /** Networks measured on the test images for the statistics. */
  readonly tests: number
  readonly endedBy: string | null
  /** Test accuracy of the final network, in 0..1. */
  readonly testAccuracy: number | null
}

/** `searching` until the budget is used; then its `finalists` are trained; then come the `tests` of its networks. */
export type ArmPhase = 'waiting' | 'searching' | 'finalists' | 'tests' | 'finished'

/** All arms, started or not, in order. */
export function armStatuses({ arms }: RunDigest, plan: RunPlan | null, runs: boolean): readonly ArmStatus[] {
  const planned = plan?.arms ?? []
  const others = [...arms.keys()].filter((name) => !planned.some((arm) => arm.name === name))
  const names = [...planned.map(({ name }) => name), ...others]
  const firstTrials = arms.get(names[0] ?? '')?.end?.trials
  return names.map((name, i) => {
    const budget = i === 0 || firstTrials === undefined ? (plan?.budget ?? {}) : { trials: firstTrials }
    const { evaluator = null, finalists = 0 } = planned[i] ?? {}
    return armStatus({ name, evaluator, finalists, budget, digest: arms.get(name), runs })
  })
}

interface ArmFacts {
  readonly name: string
  readonly evaluator: string | null
  readonly finalists: number
  readonly budget: Budget
  readonly digest: ArmDigest | undefined
  /** Whether the run is running. */
  readonly runs: boolean
}

function armStatus({ name, evaluator, finalists, budget, digest, runs }: ArmFacts): ArmStatus {
  const phase = phaseOf(digest, budget, finalists)
  const { best, cost, end, finished, finalistSeconds, outcomes, running, tests, threshold, wallSeconds } =
    digest ?? emptyArmDigest
  const { computeSeconds, epochs, trainingFlops } = cost
  const spent = {
    trials: finished,
    wallSeconds,
    computeSeconds,
    epochs,
    trainingFlops,
    targetAccuracy: best?.score ?? 0,
  }
  return {
    name,
    evaluator,
    phase,
    trials: { finished, running: running.size, outcomes },
    best,
    threshold,
    budget: budgetUse(budget, { ...spent, trials: finished + running.size }),
    computeSeconds: computeSeconds + finalistSeconds,
    wallSeconds,
    secondsLeft: runs && phase === 'searching' ? secondsLeft(budget, spent) : null,
    finalists: {
      planned: finalists,
      finished: (digest?.finalists ?? []).map(({ trial, architecture, outcome }) => ({
        trial,
        architecture,
        outcome: outcome.kind,
        validationAccuracy: outcome.kind === 'scored' ? outcome.validationAccuracy : null,
      })),
    },
    tests,
    endedBy: end?.endedBy ?? null,
    testAccuracy: end?.best?.testAccuracy ?? null,
  }
}

function phaseOf(digest: ArmDigest | undefined, budget: Budget, finalists: number): ArmPhase {
  if (digest === undefined) return 'waiting'
  if (digest.end !== null) return 'finished'
  if (digest.tests > 0) return 'tests'
  if (digest.finalists.length > 0) return 'finalists'
  const isUsed = digest.running.size === 0 && digest.finished >= (budget.trials ?? Infinity)
  if (!isUsed) return 'searching'
  return finalists > 0 ? 'finalists' : 'tests'
}
