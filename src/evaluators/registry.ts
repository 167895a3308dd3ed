import type { Evaluator, EvaluatorOptions } from './evaluator.js'
import { FearEvaluator } from './fear/fear-evaluator.js'
import { fullTraining } from './full-training.js'

type EvaluatorName = EvaluatorOptions['name']

const factories: {
  readonly [Name in EvaluatorName]: (options: Extract<EvaluatorOptions, { name: Name }>) => Evaluator
} = {
  fear: (options) => new FearEvaluator(options),
  'full-training': () => fullTraining,
}

/** The names by which a configuration chooses an evaluator. */
export const evaluatorNames = Object.keys(factories) as readonly EvaluatorName[]

/** The evaluator that `options` describe. Keep it for many trials: it may own buffers that it uses again. */
export function createEvaluator(options: EvaluatorOptions): Evaluator {
  const create = factories[options.name] as (options: EvaluatorOptions) => Evaluator
  return create(options)
}
