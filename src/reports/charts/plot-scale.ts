import { paddedDomain } from './axes.js'

/** The scale of an axis for values of unknown range. */
export interface PlotScale {
  /** Factor for the values; 100 for accuracies, which are shown in per cent. */
  readonly factor: number
  /** Domain of the axis, after the factor. */
  readonly domain: readonly [number, number]
  readonly scale: { type: 'linear' | 'log'; domain: [number, number]; nice: false } & { zero?: false }
  readonly axis: { format?: string }
}

/** Tukey's outer fence: a value further from the middle half than this many times its extent is an outlier. */
const fence = 3

/**
 * An axis that shows most of the values well: it stops at Tukey's outer fence, so that outliers do not compress the
 * rest. Logarithmic if nearly all values are positive and most of them span more than a factor of 20.
 */
export function plotScale(values: readonly number[]): PlotScale {
  const sorted = values.toSorted((a, b) => a - b)
  const at = (share: number): number => sorted[Math.round(share * (sorted.length - 1))] ?? 0
  const isPercent = at(0) >= 0 && at(1) <= 1
  const factor = isPercent ? 100 : 1
  if (!isPercent && at(0.05) > 0 && at(0.95) > 20 * at(0.05)) {
    const inside = withinFence(sorted.filter((value) => value > 0).map(Math.log10))
    const [low, high] = paddedDomain(inside).map((power) => 10 ** power) as [number, number]
    return scaleOf('log', factor, [low, high], { format: '~s' })
  }
  const domain = paddedDomain(withinFence(sorted).map((value) => factor * value))
  return scaleOf('linear', factor, domain, isPercent ? {} : { format: '~s' })
}

function scaleOf(type: 'linear' | 'log', factor: number, domain: [number, number], axis: PlotScale['axis']): PlotScale {
  return { factor, domain, scale: { type, domain, nice: false, ...(type === 'linear' ? { zero: false } : {}) }, axis }
}

/** @param sorted in rising order. */
function withinFence(sorted: readonly number[]): readonly number[] {
  const at = (share: number): number => sorted[Math.round(share * (sorted.length - 1))] ?? 0
  const reach = fence * (at(0.75) - at(0.25))
  return sorted.filter((value) => value >= at(0.25) - reach && value <= at(0.75) + reach)
}
