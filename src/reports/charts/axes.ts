import type { Layout } from './chart.js'

/** Readable ticks on a logarithmic axis: powers of ten, or 1, 2 and 5 times each if there are few. */
export function logTicks(low: number, high: number, most: number): readonly number[] {
  const from = Math.floor(Math.log10(low))
  const powers = Array.from({ length: Math.ceil(Math.log10(high)) - from + 1 }, (_, i) => from + i)
  const within = (steps: readonly number[]): readonly number[] =>
    powers
      .flatMap((power) => steps.map((step) => Number(`${step}e${power}`)))
      .filter((tick) => tick >= low * 0.999 && tick <= high * 1.001)
  const choices = [[1, 1.5, 2, 3, 4, 5, 7], [1, 2, 3, 5], [1, 2, 5], [1, 3], [1]].map(within)
  return choices.find((ticks) => ticks.length <= most) ?? (choices.at(-1) as readonly number[])
}

/** Seconds on a logarithmic axis; linear near 0 if there are zeros. */
export function secondsScale(seconds: readonly number[], { narrow }: Layout, mostTicks = narrow ? 4 : 6) {
  const positive = seconds.filter((value) => value > 0)
  const [low, high] = [Math.min(...positive, Infinity), Math.max(...positive, 0)]
  if (positive.length === 0) return { scale: { domain: [0, 1] }, axis: { tickCount: 2 } }
  const domain = [low / 1.25, high * 1.25] as const
  const values = [...logTicks(...domain, mostTicks)]
  if (positive.length === seconds.length) {
    return { scale: { type: 'log' as const, domain: [...domain], nice: false }, axis: { values, format: '~g' } }
  }
  return {
    scale: { type: 'symlog' as const, constant: low, domain: [0, domain[1]], nice: false },
    axis: { values: [0, ...values], format: '~g' },
  }
}

/** From a little below the minimum to a little above the maximum; not empty if all values are equal. */
export function paddedDomain(values: readonly number[], share = 0.06): [number, number] {
  // Not spread: there may be more values than the maximum number of arguments.
  const low = values.reduce((a, b) => Math.min(a, b), Infinity)
  const high = values.reduce((a, b) => Math.max(a, b), -Infinity)
  if (!(low <= high)) return [0, 1]
  // So close together that rounding would determine the position.
  const isPoint = high - low <= Math.max(1e-12 * Math.max(Math.abs(low), Math.abs(high)), 1e-250)
  const pad = isPoint ? Math.max(Math.abs(low) * 0.05, 1e-6) : share * (high - low)
  return [low - pad, high + pad]
}
