import { createSearchSpace } from '../spaces/registry.js'
import { CalibrationEvaluator } from './calibration/calibration-evaluator.js'
import type { Evaluator, EvaluatorOptions } from './evaluator.js'
import { FearEvaluator } from './fear/fear-evaluator.js'
import { fullTraining } from './full-training/full-training-evaluator.js'
import { InTrainingEvaluator } from './measures-in-training/in-training-evaluator.js'
import { ShortTrainingEvaluator } from './short-training/short-training-evaluator.js'
import { readAccuracyTable } from './tabular/accuracy-table.js'
import { createTabularEvaluator } from './tabular/tabular-evaluator.js'
import { ZeroCostEvaluator } from './zero-cost/zero-cost-evaluator.js'

type EvaluatorName = EvaluatorOptions['name']

const factories: {
  readonly [Name in EvaluatorName]: (options: Extract<EvaluatorOptions, { name: Name }>) => Evaluator
} = {
  fear: (options) => new FearEvaluator(options),
  'short-training': (options) => new ShortTrainingEvaluator(options),
  'zero-cost': (options) => new ZeroCostEvaluator(options),
  'measures-in-training': (options) => new InTrainingEvaluator(options),
  'full-training': () => fullTraining,
  calibration: (options) => new CalibrationEvaluator(options),
  tabular: (options) =>
    createTabularEvaluator(
      readAccuracyTable(options.table, { space: createSearchSpace(options.space), partial: options.partial }),
      options,
    ),
}

/** The names of all evaluators. A configuration chooses among them, but for `tabular` and `calibration`. */
export const evaluatorNames = Object.keys(factories) as readonly EvaluatorName[]

/** The evaluator that `options` describe. Keep it for many trials: it may own buffers that it uses again. */
export function createEvaluator(options: EvaluatorOptions): Evaluator {
  const create = factories[options.name] as (options: EvaluatorOptions) => Evaluator
  return create(options)
}
