/**
 * Pearson's correlation of every pair of rows of `values` (`[rows, columns]`): `[rows, rows]`, in double precision. NaN
 * in the row and column of a constant row.
 */
export function correlationMatrix(values: Float32Array, rows: number): Float64Array {
  const columns = values.length / rows
  const normalised = new Float64Array(values.length)
  for (let row = 0; row < rows; row++) normaliseRow(values, normalised, row * columns, columns)
  const correlations = new Float64Array(rows * rows)
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j <= i; j++) {
      const product = dot(normalised, i * columns, j * columns, columns)
      correlations[i * rows + j] = product
      correlations[j * rows + i] = product
    }
  }
  return correlations
}

/** A row minus its mean, divided by its norm. */
function normaliseRow(values: Float32Array, normalised: Float64Array, first: number, count: number): void {
  let sum = 0
  for (let i = first; i < first + count; i++) sum += values[i] as number
  let square = 0
  for (let i = first; i < first + count; i++) {
    const centred = (values[i] as number) - sum / count
    normalised[i] = centred
    square += centred * centred
  }
  const norm = Math.sqrt(square)
  for (let i = first; i < first + count; i++) normalised[i] = (normalised[i] as number) / norm
}

function dot(values: Float64Array, a: number, b: number, count: number): number {
  let sum = 0
  for (let i = 0; i < count; i++) sum += (values[a + i] as number) * (values[b + i] as number)
  return sum
}
