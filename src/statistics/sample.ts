import { mean as meanOf, median as medianOf, sampleStandardDeviation } from 'simple-statistics'

/** Throws RangeError if a value is NaN: the caller must drop missing values. */
export function refuseNaN(values: readonly number[]): void {
  const at = values.findIndex(Number.isNaN)
  if (at >= 0) throw new RangeError(`value ${at} of ${values.length} is NaN; drop missing values first`)
}

/**
 * The arithmetic mean, or null for no values.
 *
 * @throws RangeError if a value is NaN.
 */
export function mean(values: readonly number[]): number | null {
  refuseNaN(values)
  return values.length === 0 ? null : meanOf([...values])
}

/**
 * The median (the mean of the middle two of an even number), or null for no values.
 *
 * @throws RangeError if a value is NaN.
 */
export function median(values: readonly number[]): number | null {
  refuseNaN(values)
  return values.length === 0 ? null : medianOf([...values])
}

/**
 * The sample standard deviation (divided by n - 1), or null for fewer than two values.
 *
 * @throws RangeError if a value is NaN.
 */
export function standardDeviation(values: readonly number[]): number | null {
  refuseNaN(values)
  return values.length < 2 ? null : sampleStandardDeviation([...values])
}

/**
 * The standard error of the mean, or null for fewer than two values.
 *
 * @throws RangeError if a value is NaN.
 */
export function standardError(values: readonly number[]): number | null {
  const deviation = standardDeviation(values)
  return deviation === null ? null : deviation / Math.sqrt(values.length)
}
