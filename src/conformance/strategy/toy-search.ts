import type { Evaluation, RejectionReference } from '../../evaluators/evaluator.js'
import type { FearOptions } from '../../evaluators/fear/options.js'
import { defaultFearOptions } from '../../evaluators/fear/settings.js'
import type { Cost } from '../../evaluators/outcome.js'
import { createSimulatedExecutor } from '../../execution/simulated-executor.js'
import { ManualClock } from '../../platform/clock.js'
import { runSearch } from '../../search/driver.js'
import { Ledger } from '../../search/ledger.js'
import type { Architecture, DuplicateLevel, SearchSpace } from '../../spaces/search-space.js'
import type { FinishedTrial, Strategy } from '../../strategies/strategy.js'
import { hashed, madeUpScore } from './outcomes.js'

/** Rejects by work, or not at all. The fidelities differ in the maximum length of stage 1. */
const fear = (rejects: boolean, fidelity: number): FearOptions => ({
  ...defaultFearOptions,
  ratio: rejects ? 2 : null,
  cost: 'work',
  maxEpochs: 10 + fidelity,
})

export interface ToySearch {
  readonly strategy: Strategy
  readonly space: SearchSpace
  readonly level: DuplicateLevel
  readonly seed: number
  readonly trials: number
  readonly workers: number
  readonly fidelities: number
  /** Whether FEAR rejects trials. */
  readonly rejects: boolean
}

/** A search with the driver of real searches, with FEAR as a formula. Returns its trial table. */
export async function toySearch(options: ToySearch): Promise<readonly FinishedTrial[]> {
  const { fidelities, level, rejects, seed, space, strategy, trials, workers } = options
  const lowerFidelities = Array.from({ length: fidelities - 1 }, (_, fidelity) => fear(rejects, fidelity))
  const clock = new ManualClock()
  const executor = createSimulatedExecutor({
    workers,
    clock,
    evaluate({ architecture, evaluator }, rejection) {
      if (evaluator.name !== defaultFearOptions.name) throw new Error('a toy search has no other evaluator')
      return toyFear(seed, architecture, evaluator, rejection)
    },
    test: () => Number.NaN,
  })
  const { table } = await runSearch(
    {
      arm: 'toy',
      seed,
      strategy,
      canonical: (architecture) => space.canonical(architecture, level),
      evaluator: fear(rejects, fidelities - 1),
      lowerFidelities,
      budget: { trials },
    },
    { executor, wallSeconds: () => clock.now(), ledger: new Ledger() },
  )
  return table.finished
}

/**
 * Every fifth architecture never reaches the threshold; the others may be too slow. Each fidelity takes four times the
 * work of the one below: compared with that one, every trial would be.
 */
function toyFear(
  world: number,
  architecture: Architecture,
  { maxEpochs, ratio }: FearOptions,
  rejection: RejectionReference,
): Evaluation {
  const work = 4 ** maxEpochs * (1 + Math.floor(9 * hashed(`${world} ${architecture} work`)))
  const computeSeconds = 1 + hashed(`${architecture} ${maxEpochs} seconds`)
  const cost: Cost = { computeSeconds, trainingFlops: work, steps: 1, epochs: 1 }
  const base = { cost, phases: { stage1: cost } }
  const limit = (ratio ?? Infinity) * rejection.cheapest()
  if (work >= limit) return { outcome: { kind: 'rejected', limit, unit: 'work', bestTrainAccuracy: 0.3, ...base } }
  if (hashed(`${architecture} threshold`) < 0.2) {
    return { outcome: { kind: 'below-threshold', bestTrainAccuracy: 0.4, ...base } }
  }
  rejection.offer(cost)
  const score = madeUpScore(`${world}, ${maxEpochs}`, architecture)
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
