import { byName } from '../../platform/by-name.js'
import { createRng, type Rng } from '../../platform/rng.js'
import { countOutcomes, summariseCalibration } from '../summarise-arm.js'
import { agreementOf, agreementOfAll, type MethodColumn } from './agreement.js'
import type { MethodResult, MethodRun, RankingOptions, RankingResult } from './ranking.js'
import { outcomeScore, truthOf } from './scores.js'

/** An architecture that a method scored and that has a truth. */
interface Scored {
  readonly trial: number
  readonly truth: number
  readonly score: number
  readonly seconds: number
}

/** @param runs full training first, then the evaluators of the ranking in their order. */
export function summariseRanking(
  { bootstrap, seed, truth }: RankingOptions,
  runs: readonly MethodRun[],
): Pick<RankingResult, 'commonArchitectures' | 'methods' | 'architectures'> {
  const [truthRun] = runs
  const truths = new Map(truthRun?.trials.map(({ index, outcome }) => [index, truthOf(outcome, truth)]))
  const scored = runs.map((run) => scoredArchitectures(run, truths))
  const [first = [], ...others] = scored.map((list) => new Set(list.map(({ trial }) => trial)))
  const inAll = new Set([...first].filter((trial) => others.every((set) => set.has(trial))))

  const rng = (): Rng => createRng(seed, 'ranking', 'bootstrap')
  const shared = scored.map((list) => list.filter(({ trial }) => inAll.has(trial)))
  const common = agreementOfAll(shared[0]?.map(truthValue) ?? [], shared.map(columnOf), 1, bootstrap, rng())
  return {
    commonArchitectures: inAll.size,
    methods: runs.map(({ name, evaluator, calibration, trials, wallSeconds }, i): MethodResult => {
      const own = scored[i] as readonly Scored[]
      return {
        name,
        evaluator,
        outcomes: countOutcomes(trials),
        calibration: summariseCalibration(calibration ?? null),
        computeSeconds: trials.reduce((sum, { outcome }) => sum + outcome.cost.computeSeconds, 0),
        wallSeconds,
        common: common[i] ?? [],
        own: agreementOf(own.map(truthValue), columnOf(own), bootstrap, rng()),
      }
    }),
    architectures: (truthRun?.trials ?? []).map(({ index, architecture }) => ({
      trial: index,
      architecture,
      truth: truths.get(index) ?? null,
      scores: byName(
        runs.map(({ name, trials }) => [name, outcomeScore(trials.find((trial) => trial.index === index)?.outcome)]),
      ),
    })),
  }
}

/** In order of index. */
function scoredArchitectures({ trials }: MethodRun, truths: ReadonlyMap<number, number | null>): readonly Scored[] {
  return trials.flatMap(({ index, outcome }) => {
    const truth = truths.get(index) ?? null
    const score = outcomeScore(outcome)
    if (truth === null || score === null) return []
    return [{ trial: index, truth, score, seconds: outcome.cost.computeSeconds }]
  })
}

function truthValue({ truth }: Scored): number {
  return truth
}

function columnOf(scored: readonly Scored[]): MethodColumn {
  return { scores: scored.map(({ score }) => score), seconds: scored.map(({ seconds }) => seconds) }
}
