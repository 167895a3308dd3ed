import type { InTrainingOptions } from '../../evaluators/measures-in-training/settings.js'
import type { Snapshot } from '../../evaluators/measures-in-training/snapshot.js'
import { createRng, type SeedPart } from '../../platform/rng.js'
import type { FinishedTrial } from '../../search/trial.js'
import { mean, standardError } from '../../statistics/sample.js'
import { agreementOfAll, type MethodColumn } from '../rank/agreement.js'
import type { MethodRun, RankedArchitecture, RankingOptions } from '../rank/ranking.js'
import { countOutcomes } from '../summarise-arm.js'
import type {
  CurveName,
  InTrainingResult,
  ScoreCurve,
  ScoreCurvePoint,
  ScoreCurves,
  ThresholdCurves,
} from './in-training.js'

/** An architecture with a truth and its snapshots at the points of a curve. */
interface Row {
  readonly truth: number
  readonly snapshots: ReadonlyMap<ScoreCurvePoint['at'], Snapshot>
}

type Resampling = Pick<RankingOptions, 'bootstrap' | 'seed'>

/** @param ranked the architectures of the ranking, with their truths. */
export function summariseInTraining(
  evaluator: InTrainingOptions,
  { trials, wallSeconds }: Pick<MethodRun, 'trials' | 'wallSeconds'>,
  ranked: readonly Pick<RankedArchitecture, 'trial' | 'truth'>[],
  resampling: Resampling,
): InTrainingResult {
  const { epochs, threshold } = evaluator
  const truths = new Map(ranked.map(({ trial, truth }) => [trial, truth]))
  const rows = trials.flatMap((trial): Row[] => {
    const truth = truths.get(trial.index) ?? null
    return truth === null ? [] : [{ truth, snapshots: pointsOf(trial, threshold) }]
  })
  return {
    evaluator,
    outcomes: countOutcomes(trials),
    computeSeconds: trials.reduce((sum, { outcome }) => sum + outcome.cost.computeSeconds, 0),
    wallSeconds,
    epochs: curvesOver(rows, epochs, evaluator, resampling),
    threshold: threshold === null ? null : thresholdCurves(rows, threshold, evaluator, resampling),
  }
}

/** Snapshots by epochs; the first that reaches the threshold is also stored under `threshold`. */
function pointsOf({ outcome }: FinishedTrial, threshold: number | null): Row['snapshots'] {
  const { snapshots = [] } = outcome
  const points = new Map<ScoreCurvePoint['at'], Snapshot>(snapshots.map((snapshot) => [snapshot.epochs, snapshot]))
  const reached = snapshots.find(({ trainAccuracy }) => trainAccuracy !== null && trainAccuracy >= (threshold ?? 2))
  return reached === undefined ? points : points.set('threshold', reached)
}

function thresholdCurves(
  rows: readonly Row[],
  trainAccuracy: number,
  evaluator: InTrainingOptions,
  resampling: Resampling,
): ThresholdCurves {
  const start = evaluator.epochs[0] === 0 ? [0] : []
  const needed = rows.flatMap(({ snapshots }) => snapshots.get('threshold')?.epochs ?? [])
  return {
    trainAccuracy,
    epochs: { mean: mean(needed), standardError: standardError(needed) },
    ...curvesOver(rows, [...start, 'threshold'], evaluator, resampling),
  }
}

/** The curves of every score over the rows that have all of these points. */
function curvesOver(
  rows: readonly Row[],
  points: readonly ScoreCurvePoint['at'][],
  { measures }: InTrainingOptions,
  resampling: Resampling,
): ScoreCurves {
  const whole = rows.filter(({ snapshots }) => points.every((at) => snapshots.has(at)))
  const names: readonly CurveName[] = [...measures, 'train-accuracy', 'validation-accuracy']
  return { architectures: whole.length, curves: names.map((name) => curveOf(name, whole, points, resampling)) }
}

function curveOf(
  name: CurveName,
  rows: readonly Row[],
  points: readonly ScoreCurvePoint['at'][],
  { bootstrap, seed }: Resampling,
): ScoreCurve {
  const shown = points.filter((at) => name !== 'train-accuracy' || at !== 0)
  const columns = shown.map((at) => columnOf(name, rows, at))
  const truth = rows.map((row) => row.truth)
  // The same stream for every curve, so that all use the same resamples.
  const agreements = agreementOfAll(truth, columns, 0, bootstrap, createRng(...resamplesOf(seed)))
  return {
    name,
    points: shown.map((at, i) => ({
      at,
      notFinite: columns[i]?.scores.filter((score) => score === -Infinity).length ?? 0,
      subsets: (agreements[i] ?? []).map(({ lead: decline, ...subset }) => ({ ...subset, decline })),
    })),
  }
}

function resamplesOf(seed: SeedPart): readonly SeedPart[] {
  return [seed, 'in-training', 'bootstrap']
}

/** A score of every architecture, and the seconds of the training up to there plus the score. */
function columnOf(name: CurveName, rows: readonly Row[], at: ScoreCurvePoint['at']): MethodColumn {
  const readings = rows.map(({ snapshots }) => reading(name, snapshots.get(at) as Snapshot))
  return { scores: readings.map(({ score }) => score), seconds: readings.map(({ seconds }) => seconds) }
}

/** A score that is not a finite number ranks last; as 0 it would be the best jacob_cov. */
function reading(name: CurveName, snapshot: Snapshot): { readonly score: number; readonly seconds: number } {
  const { trainAccuracy, validationAccuracy, measures, seconds } = snapshot
  switch (name) {
    case 'train-accuracy':
      return { score: trainAccuracy ?? -Infinity, seconds: seconds.train }
    case 'validation-accuracy':
      return { score: validationAccuracy, seconds: seconds.train + seconds.validate }
    default:
      return { score: measures[name] ?? -Infinity, seconds: seconds.train + (seconds.measures[name] ?? 0) }
  }
}
