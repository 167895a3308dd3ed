import { expect, it } from 'vitest'
import { bestByValidation } from '../../src/statistics/best-by-validation.js'

it.each([
  [[], -1],
  [[null], 0],
  [[null, null], 0],
  [[0.5, 0.7, 0.7, 0.6], 1],
  [[null, 0.1], 1],
  [[0, null], 0],
])('of the validation accuracies %j the best is that at %i', (accuracies, best) => {
  expect(bestByValidation(accuracies.map((validationAccuracy) => ({ validationAccuracy })))).toBe(best)
})
