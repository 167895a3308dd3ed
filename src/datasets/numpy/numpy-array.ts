/** A stored NumPy array: its bytes and how to read them. */
export class NumpyArray {
  constructor(
    /** `u1`, `i8`, `f4`...: kind and bytes of an element. */
    readonly dtype: string,
    readonly shape: readonly number[],
    readonly isFortran: boolean,
    readonly bytes: Uint8Array,
    readonly isBigEndian = false,
  ) {}
}

/** Numbers of elements along an axis, and how many elements further the next one lies, in the order as stored. */
export function stridesOf({ shape, isFortran }: Pick<NumpyArray, 'shape' | 'isFortran'>): readonly number[] {
  const strides = new Array<number>(shape.length).fill(1)
  const axes = shape.map((_, axis) => axis)
  let step = 1
  for (const axis of isFortran ? axes : axes.toReversed()) {
    strides[axis] = step
    step *= shape[axis] as number
  }
  return strides
}
