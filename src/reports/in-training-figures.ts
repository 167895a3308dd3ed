import { outcomeKinds } from '../evaluators/outcome.js'
import { counted } from '../platform/count.js'
import type {
  CurveSubset,
  Estimate,
  InTrainingResult,
  OutcomeCounts,
  ScoreCurve,
  ScoreCurvePoint,
  ScoreCurves,
} from '../studies/index.js'

/** The training at a point of a curve, in words. */
export function momentText(at: ScoreCurvePoint['at']): string {
  if (at === 'threshold') return 'at the threshold'
  return at === 0 ? 'before training' : `after ${counted(at, 'epoch')}`
}

export function overTop(point: ScoreCurvePoint | undefined, percent: number): CurveSubset | undefined {
  return point?.subsets.find((subset) => subset.percent === percent)
}

/** The change of Spearman over all architectures from a curve's first point to its last; null for a single point. */
export function changeOf(points: ScoreCurve['points']): (Estimate & { readonly value: number }) | null {
  const decline = points.length < 2 ? undefined : overTop(points.at(-1), 100)?.decline
  if (decline === undefined || decline.value === null) return null
  const { value, low, high } = decline
  return { value: 0 - value, low: high === null ? null : 0 - high, high: low === null ? null : 0 - low }
}

export function signedCoefficient(value: number): string {
  return `${value < 0 ? '-' : '+'}${Math.abs(value).toFixed(3)}`
}

/** The outcomes of the architectures without a score, in brackets; empty if all have one. */
export function othersOf(outcomes: OutcomeCounts): string {
  const others = outcomeKinds.filter((kind) => kind !== 'scored' && outcomes[kind] > 0)
  return others.length === 0 ? '' : ` (${others.map((kind) => `${outcomes[kind]} ${kind}`).join(', ')})`
}

/** The architectures that the curves at a threshold cover. */
export function reachedText({
  architectures,
  epochs,
  trainAccuracy,
}: NonNullable<InTrainingResult['threshold']>): string {
  const mean = epochs.mean === null ? '' : `: after ${epochs.mean.toFixed(1)} epochs on average`
  return `the ${counted(architectures, 'architecture')} that reached a training accuracy of ${trainAccuracy}, at that point${mean}`
}

/** Which scores are not finite for some architectures, and at which points. */
export function notFiniteLines({ curves }: ScoreCurves): readonly string[] {
  return curves.flatMap(({ name, points }) => {
    const some = points.filter(({ notFinite }) => notFinite > 0)
    if (some.length === 0) return []
    const positions = some.map(({ at, notFinite }) => `${notFinite} at ${at}`)
    return `${name} of some architectures is not a finite number and ranks last: ${positions.join(', ')}`
  })
}
