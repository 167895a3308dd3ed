/**
 * The logarithm of the determinant of a positive definite matrix, and the trace of its inverse: the sums of log v and
 * of 1 / v over its eigenvalues v, without computing them. NaN if the matrix is not positive definite.
 *
 * With the matrix L L^T (Cholesky), the former is twice the sum of the logarithms of L's diagonal, the latter the sum of
 * the squares of L's inverse.
 *
 * @param matrix `[size, size]`, symmetric
 */
export function logDeterminantAndInverseTrace(
  matrix: Float64Array,
  size: number,
): { logDeterminant: number; inverseTrace: number } {
  const lower = choleskyFactor(matrix, size)
  let logDeterminant = 0
  for (let i = 0; i < size; i++) logDeterminant += 2 * Math.log(lower[i * size + i] as number)
  return { logDeterminant, inverseTrace: squareSum(lowerInverse(lower, size)) }
}

/** L, lower triangular, row by row. */
function choleskyFactor(matrix: Float64Array, size: number): Float64Array {
  const lower = new Float64Array(size * size)
  for (let i = 0; i < size; i++) {
    for (let j = 0; j <= i; j++) {
      let rest = matrix[i * size + j] as number
      for (let k = 0; k < j; k++) rest -= (lower[i * size + k] as number) * (lower[j * size + k] as number)
      lower[i * size + j] = i === j ? Math.sqrt(rest) : rest / (lower[j * size + j] as number)
    }
  }
  return lower
}

/** The inverse of a lower triangular matrix, transposed: its column j in row j. */
function lowerInverse(lower: Float64Array, size: number): Float64Array {
  const inverse = new Float64Array(size * size)
  for (let column = 0; column < size; column++) {
    const at = column * size
    for (let i = column; i < size; i++) {
      let rest = i === column ? 1 : 0
      for (let k = column; k < i; k++) rest -= (lower[i * size + k] as number) * (inverse[at + k] as number)
      inverse[at + i] = rest / (lower[i * size + i] as number)
    }
  }
  return inverse
}

function squareSum(values: Float64Array): number {
  let sum = 0
  for (const value of values) sum += value * value
  return sum
}
