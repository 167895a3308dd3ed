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

/**
 * Makes 64 samples of 0..255 from 64 dequantised coefficients.
 *
 * @param p coefficients in rows; overwritten.
 * @param out receives the samples: row `y` begins at `to + y * stride`.
 */
export function inverseDct(p: Int32Array, out: Uint8Array, to: number, stride: number): void {
  for (let row = 0; row < 64; row += 8) transformRow(p, row)
  for (let column = 0; column < 8; column++) transformColumn(p, column)
  for (let y = 0, i = 0; y < 8; y++) {
    for (let x = 0; x < 8; x++, i++) {
      const sample = 128 + (((p[i] as number) + 8) >> 4)
      out[to + y * stride + x] = sample < 0 ? 0 : Math.min(sample, 255)
    }
  }
}

function transformRow(p: Int32Array, row: number): void {
  const at = (i: number): number => p[row + i] as number
  if (at(1) === 0 && at(2) === 0 && at(3) === 0 && at(4) === 0 && at(5) === 0 && at(6) === 0 && at(7) === 0) {
    p.fill((sqrt2 * at(0) + 512) >> 10, row, row + 8)
    return
  }
  let v0 = (sqrt2 * at(0) + 128) >> 8
  let v1 = (sqrt2 * at(4) + 128) >> 8
  let v2 = at(2)
  let v3 = at(6)
  let v4 = (halfSqrt2 * (at(1) - at(7)) + 128) >> 8
  let v7 = (halfSqrt2 * (at(1) + at(7)) + 128) >> 8
  let v5 = at(3) << 4
  let v6 = at(5) << 4

  let t = (v0 - v1 + 1) >> 1
  v0 = (v0 + v1 + 1) >> 1
  v1 = t
  t = (v2 * sin6 + v3 * cos6 + 128) >> 8
  v2 = (v2 * cos6 - v3 * sin6 + 128) >> 8
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

  p[row] = v0 + v7
  p[row + 7] = v0 - v7
  p[row + 1] = v1 + v6
  p[row + 6] = v1 - v6
  p[row + 2] = v2 + v5
  p[row + 5] = v2 - v5
  p[row + 3] = v3 + v4
  p[row + 4] = v3 - v4
}

function transformColumn(p: Int32Array, column: number): void {
  const at = (i: number): number => p[column + 8 * i] as number
  if (at(1) === 0 && at(2) === 0 && at(3) === 0 && at(4) === 0 && at(5) === 0 && at(6) === 0 && at(7) === 0) {
    const value = (sqrt2 * at(0) + 8192) >> 14
    for (let i = 0; i < 8; i++) p[column + 8 * i] = value
    return
  }
  let v0 = (sqrt2 * at(0) + 2048) >> 12
  let v1 = (sqrt2 * at(4) + 2048) >> 12
  let v2 = at(2)
  let v3 = at(6)
  let v4 = (halfSqrt2 * (at(1) - at(7)) + 2048) >> 12
  let v7 = (halfSqrt2 * (at(1) + at(7)) + 2048) >> 12
  let v5 = at(3)
  let v6 = at(5)

  let t = (v0 - v1 + 1) >> 1
  v0 = (v0 + v1 + 1) >> 1
  v1 = t
  t = (v2 * sin6 + v3 * cos6 + 2048) >> 12
  v2 = (v2 * cos6 - v3 * sin6 + 2048) >> 12
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

  p[column] = v0 + v7
  p[column + 56] = v0 - v7
  p[column + 8] = v1 + v6
  p[column + 48] = v1 - v6
  p[column + 16] = v2 + v5
  p[column + 40] = v2 - v5
  p[column + 24] = v3 + v4
  p[column + 32] = v3 - v4
}
