import type { Latency } from '../benchmarks/latency.js'
import type { Calibration } from '../evaluators/calibration/calibration.js'
import { type OutcomeCounts, zeroCounts } from '../evaluators/outcome.js'
import { labelOf, traitsOf } from '../evaluators/registry.js'
import type { TrainedNetwork } from '../search/best-network.js'
import { type Budget, budgetUse, type Spending } from '../search/budget.js'
import { calibrationCost } from '../search/calibrate.js'
import { evaluatorsText, fidelitiesOf, hasFidelities, ofLastFidelity } from '../search/fidelities.js'
import type { Finalist } from '../search/finalists.js'
import { type Ledger, searchActivities } from '../search/ledger.js'
import { type Prefiltered, prefilterCost } from '../search/prefilter.js'
import type { SearchEnd } from '../search/search-event.js'
import type { FinishedTrial } from '../search/trial.js'
import type { Architecture, MacroSpec, SearchSpace } from '../spaces/search-space.js'
import { fidelityOf } from '../strategies/lineage.js'
import { armFronts } from './arm-fronts.js'
import type { ArmOptions, ArmResult, BestNetwork, CalibrationSummary, PrefilterSummary } from './study.js'

/** The raw results of an arm. */
interface ArmRecord {
  readonly arm: ArmOptions
  readonly space: SearchSpace
  readonly macro: MacroSpec
  readonly budget: Budget
  readonly prefilter: Prefiltered | null
  /** What was spent of the budget. */
  readonly spent: Spending
  readonly calibration: Calibration | null
  readonly trials: readonly FinishedTrial[]
  readonly finalists: readonly Finalist[]
  readonly ledger: Ledger
  readonly wallSeconds: number
  readonly endedBy: SearchEnd
  readonly stopped: boolean
  readonly best: TrainedNetwork | null
  readonly testAccuracy: number | null
  /** The seconds measured for a limit on latency; null without one. */
  readonly secondsOf: ((architecture: Architecture) => number) | null
  /** Of the best network; null if it was not measured. */
  readonly latency: readonly Latency[] | null
}

/** The figures of an arm. Its time includes all evaluations and the full training of its finalists. */
export function summariseArm(record: ArmRecord): ArmResult {
  const { arm, budget, finalists, ledger, trials, wallSeconds } = record
  const total = ledger.total(arm.name)
  const finalistSeconds = ledger.total(arm.name, 'finalists').computeSeconds
  const evaluationSeconds = ledger.total(arm.name, ...searchActivities).computeSeconds
  const computeSeconds = evaluationSeconds + finalistSeconds
  return {
    name: arm.name,
    strategy: arm.strategy.name === 'module' ? arm.strategy.module : arm.strategy.name,
    evaluator: evaluatorsText(arm),
    ...summariseFidelities(arm, trials),
    trials: trials.length,
    outcomes: countOutcomes(trials),
    prefilter: summarisePrefilter(record.prefilter),
    calibration: summariseCalibration(record.calibration),
    evaluationSeconds,
    finalistSeconds,
    computeSeconds,
    wallSeconds,
    trainingFlops: total.trainingFlops,
    phases: ledger.phases(arm.name),
    budget: budgetUse(budget, record.spent),
    endedBy: record.endedBy,
    stopped: record.stopped,
    finalists,
    pareto: armFronts({
      ...record,
      trainsInFull: traitsOf(arm.evaluator).trainsInFull,
      trials: ofLastFidelity(trials, fidelitiesOf(arm).length),
    }),
    best: describeBest(record),
    ...(record.latency && { latency: record.latency }),
  }
}

function summarisePrefilter(prefiltered: Prefiltered | null): PrefilterSummary | null {
  if (prefiltered === null) return null
  const { options, pool, kept } = prefiltered
  const { computeSeconds, trainingFlops } = prefilterCost(prefiltered)
  const scored = pool.filter(({ outcome }) => outcome.kind === 'scored').length
  return { measure: options.measure, pool: pool.length, scored, kept: kept.length, computeSeconds, trainingFlops }
}

/** Empty if there is only one fidelity. */
function summariseFidelities(arm: ArmOptions, trials: readonly FinishedTrial[]): Pick<ArmResult, 'fidelities'> {
  if (!hasFidelities(arm)) return {}
  const fidelities = fidelitiesOf(arm).map((evaluator, fidelity) => {
    const own = trials.filter((trial) => fidelityOf(trial) === fidelity)
    return {
      evaluator: labelOf(evaluator),
      trials: own.length,
      scored: own.filter(({ outcome }) => outcome.kind === 'scored').length,
      computeSeconds: own.reduce((sum, { outcome }) => sum + outcome.cost.computeSeconds, 0),
    }
  })
  return { fidelities }
}

/** Null if there is none. */
export function summariseCalibration(calibration: Calibration | null): CalibrationSummary | null {
  if (calibration === null) return null
  const { threshold, networks } = calibration
  const { computeSeconds, trainingFlops } = calibrationCost(calibration)
  return {
    threshold,
    networks: networks.map(({ architecture, outcome }) => ({
      architecture,
      trainAccuracy: outcome.kind === 'scored' ? outcome.score : Number.NaN,
      computeSeconds: outcome.cost.computeSeconds,
    })),
    computeSeconds,
    trainingFlops,
  }
}

/** Number of trials by outcome. */
export function countOutcomes(trials: readonly FinishedTrial[]): OutcomeCounts {
  const counts = zeroCounts()
  for (const { outcome } of trials) counts[outcome.kind]++
  return counts
}

function describeBest({ best, testAccuracy, trials }: ArmRecord): BestNetwork | null {
  if (best === null) return null
  const { trial, architecture, validationAccuracy } = best
  const outcome = trials.find(({ index }) => index === trial)?.outcome
  const score = outcome?.kind === 'scored' ? outcome.score : Number.NaN
  return { trial, architecture, score, validationAccuracy, testAccuracy }
}
