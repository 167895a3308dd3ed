/*
 * The inverse transform of 8x8 coefficients with whole numbers (Loeffler, Ligtenberg and Moschytz, ICASSP 1989), step by
 * step as the library jpeg-js 0.4.4 computes it (lib/decoder.js, copyright 2011 notmasteryet, Apache License 2.0), which
 * took it from poppler: images that were decoded by it are the same, byte by byte.
 */
const cos1 = 4017
const sin1 = 799
const cos3 = 3406
const sin3 = 2276
const cos6 = 1567
const sin6 = 3784
const sqrt2 = 5793
const halfSqrt2 = 2896
/** How many bits products are shifted by. Rows keep 4 bits more than columns, which drop them. */
const rowShift = 8
const columnShift = 12

/**
 * Makes 64 samples of 0..255 from 64 dequantised coefficients.
 *
 * @param p coefficients in rows; overwritten.
 * @param out receives the samples: row `y` begins at `to + y * stride`.
 */
export function inverseDct(p: Int32Array, out: Uint8Array, to: number, stride: number): void {
  for (let row = 0; row < 64; row += 8) transform(p, row, 1, rowShift)
  for (let column = 0; column < 8; column++) transform(p, column, 8, columnShift)
  for (let y = 0, i = 0; y < 8; y++) {
    for (let x = 0; x < 8; x++, i++) {
      const sample = 128 + (((p[i] as number) + 8) >> 4)
      out[to + y * stride + x] = sample < 0 ? 0 : Math.min(sample, 255)
    }
  }
}

/** Transforms the 8 values from `start` on that are `step` apart. */
function transform(p: Int32Array, start: number, step: number, shift: number): void {
  const at = (i: number): number => p[start + i * step] as number
  if (at(1) === 0 && at(2) === 0 && at(3) === 0 && at(4) === 0 && at(5) === 0 && at(6) === 0 && at(7) === 0) {
    const value = (sqrt2 * at(0) + (1 << (shift + 1))) >> (shift + 2)
    for (let i = 0; i < 8; i++) p[start + i * step] = value
    return
  }
  const half = 1 << (shift - 1)
  let v0 = (sqrt2 * at(0) + half) >> shift
  let v1 = (sqrt2 * at(4) + half) >> shift
  let v2 = at(2)
  let v3 = at(6)
  let v4 = (halfSqrt2 * (at(1) - at(7)) + half) >> shift
  let v7 = (halfSqrt2 * (at(1) + at(7)) + half) >> shift
  let v5 = at(3) << (columnShift - shift)
  let v6 = at(5) << (columnShift - shift)

  let t = (v0 - v1 + 1) >> 1
  v0 = (v0 + v1 + 1) >> 1
  v1 = t
  t = (v2 * sin6 + v3 * cos6 + half) >> shift
  v2 = (v2 * cos6 - v3 * sin6 + half) >> shift
  v3 = t
  t = (v4 - v6 + 1) >> 1
  v4 = (v4 + v6 + 1) >> 1
  v6 = t
  t = (v7 + v5 + 1) >> 1
  v5 = (v7 - v5 + 1) >> 1
  v7 = t

  t = (v0 - v3 + 1) >> 1
  v0 = (v0 + v3 + 1) >> 1
  v3 = t
  t = (v1 - v2 + 1) >> 1
  v1 = (v1 + v2 + 1) >> 1
  v2 = t
  t = (v4 * sin3 + v7 * cos3 + 2048) >> 12
  v4 = (v4 * cos3 - v7 * sin3 + 2048) >> 12
  v7 = t
  t = (v5 * sin1 + v6 * cos1 + 2048) >> 12
  v5 = (v5 * cos1 - v6 * sin1 + 2048) >> 12
  v6 = t

  p[start] = v0 + v7
  p[start + 7 * step] = v0 - v7
  p[start + step] = v1 + v6
  p[start + 6 * step] = v1 - v6
  p[start + 2 * step] = v2 + v5
  p[start + 5 * step] = v2 - v5
  p[start + 3 * step] = v3 + v4
  p[start + 4 * step] = v3 - v4
}
