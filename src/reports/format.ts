/** Formats numbers for display. A dash means unknown. */

export function formatDuration(seconds: number): string {
  if (!Number.isFinite(seconds)) return '-'
  if (seconds < 10) return `${seconds.toFixed(1)} s`
  const whole = Math.round(seconds)
  if (whole < 60) return `${whole} s`
  const minutes = Math.floor(whole / 60)
  if (minutes < 60) return `${minutes} min ${String(whole % 60).padStart(2, '0')} s`
  return `${Math.floor(minutes / 60)} h ${String(minutes % 60).padStart(2, '0')} min`
}

/** An accuracy in 0..1 as a percentage with two decimals. */
export function formatAccuracy(accuracy: number | null): string {
  return accuracy === null ? '-' : `${(100 * accuracy).toFixed(2)} %`
}

/** A score of unknown kind: as an accuracy if it can be one, otherwise with four significant digits. */
export function formatScore(score: number): string {
  return score >= 0 && score <= 1 ? formatAccuracy(score) : String(Number(score.toPrecision(4)))
}

/** A difference of accuracies in percentage points, with its sign. */
export function formatPoints(difference: number | null): string {
  if (difference === null) return '-'
  return `${difference < 0 ? '-' : '+'}${Math.abs(100 * difference).toFixed(2)} points`
}

export function formatRatio(ratio: number | null): string {
  return ratio === null ? '-' : `${ratio.toFixed(2)}x`
}

export function formatCoefficient(value: number | null): string {
  return value === null ? '-' : value.toFixed(3)
}

/**
 * The bounds of an interval, to append to its value: ` [2.12, 3.40]`. Empty if no interval was requested, ` [-]` if
 * there are too few values.
 */
export function formatBounds(
  bounds: { readonly low: number | null; readonly high: number | null } | null | undefined,
  format: (value: number) => string = (value) => value.toFixed(2),
): string {
  if (bounds == null) return ''
  if (bounds.low === null || bounds.high === null) return ' [-]'
  return ` [${format(bounds.low)}, ${format(bounds.high)}]`
}

/** A correlation or ratio with its interval: `0.625 [0.53, 0.72]`; a dash if undefined. */
export function formatEstimate(estimate: {
  readonly value: number | null
  readonly low: number | null
  readonly high: number | null
}): string {
  return `${formatCoefficient(estimate.value)}${boundsOf(estimate)}`
}

/** The bounds of an estimate; empty if undefined. */
export function boundsOf(estimate: Parameters<typeof formatEstimate>[0]): string {
  return estimate.value === null ? '' : formatBounds(estimate)
}

/** As `formatPoints`, without the unit. */
export function formatBarePoints(difference: number): string {
  return formatPoints(difference).replace(' points', '')
}

/** A latency with three significant digits: `0.412 ms`, `1,230 ms`. */
export function formatMilliseconds(milliseconds: number): string {
  return `${Number(milliseconds.toPrecision(3)).toLocaleString('en-US', { maximumFractionDigits: 6 })} ms`
}

export function formatSpeed(imagesPerSecond: number): string {
  const shown = imagesPerSecond < 10 ? Number(imagesPerSecond.toPrecision(2)) : Math.round(imagesPerSecond)
  return `${shown.toLocaleString('en-US')} images/s`
}

const prefixes = ['', 'k', 'M', 'G', 'T', 'P', 'E'] as const

/** FLOPs with three significant digits and an SI prefix. */
export function formatFlops(flops: number): string {
  return `${formatCount(flops)}FLOP`
}

/** A large number with three significant digits and an SI prefix, to which a unit may be appended: `12.3 k`. */
export function formatCount(number: number): string {
  // Rounded first: 999,999 is 1.00 M, not 1000 k.
  const rounded = Number(number.toPrecision(3))
  const thousands = rounded > 0 ? Math.floor(Math.log10(rounded) / 3 + 1e-9) : 0
  const power = Math.min(prefixes.length - 1, Math.max(0, thousands))
  return `${(rounded / 1000 ** power).toPrecision(3)} ${prefixes[power]}`
}
