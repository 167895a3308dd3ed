import type { Evaluation, FearOptions, RejectionReference } from '../../evaluators/evaluator.js'
import { defaultFearOptions } from '../../evaluators/fear/default-options.js'
import type { Cost } from '../../evaluators/outcome.js'
import { createSimulatedExecutor } from '../../execution/simulated-executor.js'
import { ManualClock } from '../../platform/clock.js'
import { runSearch } from '../../search/driver.js'
import { Ledger } from '../../search/ledger.js'
import type { Architecture, DuplicateLevel, SearchSpace } from '../../spaces/search-space.js'
import type { FinishedTrial, Strategy } from '../../strategies/strategy.js'
import { hashed, madeUpScore } from './outcomes.js'

/** Rejects by work, or nothing. */
const fear = (rejects: boolean): FearOptions => ({ ...defaultFearOptions, ratio: rejects ? 2 : null, cost: 'work' })

export interface ToySearch {
  readonly strategy: Strategy
  readonly space: SearchSpace
  readonly level: DuplicateLevel
  readonly seed: number
  readonly trials: number
  readonly workers: number
  /** Whether FEAR rejects slow learners. */
  readonly rejects: boolean
}

/** A search by the driver of real searches, with FEAR as a formula. Returns its trial table. */
export async function toySearch(options: ToySearch): Promise<readonly FinishedTrial[]> {
  const { level, rejects, seed, space, strategy, trials, workers } = options
  const evaluator = fear(rejects)
  const clock = new ManualClock()
  const executor = createSimulatedExecutor({
    workers,
    clock,
    evaluate: ({ architecture }, rejection) => toyFear(seed, architecture, evaluator.ratio, rejection),
    test: () => Number.NaN,
  })
  const { table } = await runSearch(
    {
      arm: 'toy',
      seed,
      strategy,
      canonical: (architecture) => space.canonical(architecture, level),
      evaluator,
      budget: { trials },
    },
    { executor, wallSeconds: () => clock.now(), ledger: new Ledger() },
  )
  return table.finished
}

/** Every fifth architecture never reaches the threshold; the others may be too slow. */
function toyFear(
  world: number,
  architecture: Architecture,
  ratio: number | null,
  rejection: RejectionReference,
): Evaluation {
  const work = 1 + Math.floor(9 * hashed(`${world} ${architecture} work`))
  const cost: Cost = { computeSeconds: 1 + hashed(`${architecture} seconds`), trainingFlops: work, steps: 1, epochs: 1 }
  const base = { cost, phases: { stage1: cost } }
  const limit = (ratio ?? Infinity) * rejection.cheapest()
  if (work >= limit) return { outcome: { kind: 'rejected', limit, unit: 'work', bestTrainAccuracy: 0.3, ...base } }
  if (hashed(`${architecture} threshold`) < 0.2) {
    return { outcome: { kind: 'below-threshold', bestTrainAccuracy: 0.4, ...base } }
  }
  rejection.offer(cost)
  const score = madeUpScore(world, architecture)
  return {
    outcome: {
      kind: 'scored',
      score,
      metric: 'train-accuracy',
      trainAccuracy: score,
      validationAccuracy: null,
      ...base,
    },
  }
}
