import { refuseNaN } from './sample.js'

/** Throws RangeError unless `x` and `y` are equally long and free of NaN. */
export function checkPaired(x: readonly number[], y: readonly number[]): void {
  if (x.length !== y.length)
    throw new RangeError(`paired samples must be equally long, got ${x.length} and ${y.length}`)
  refuseNaN(x)
  refuseNaN(y)
}

/** Whether all values are equal; true for one value and for none. */
export function isConstant(values: readonly number[]): boolean {
  return values.every((value) => value === values[0])
}
