import { evaluatorPart, wholeNetwork } from '../evaluator-part.js'
import { neutralDisplay, neutralTraits } from '../traits.js'
import { type ZeroCostOptions, zeroCostSchema } from './settings.js'
import { ZeroCostEvaluator } from './zero-cost-evaluator.js'

/** A zero-cost measure: see `ZeroCostEvaluator`. */
export const zeroCostPart = evaluatorPart({
  name: 'zero-cost',
  schema: zeroCostSchema,
  traits: neutralTraits,
  display: { ...neutralDisplay, colours: ['green', 'green2', 'green3', 'green4'] },
  create: (options: ZeroCostOptions) => new ZeroCostEvaluator(options),
  batches: ({ batch }: ZeroCostOptions) => [wholeNetwork(batch)],
})
