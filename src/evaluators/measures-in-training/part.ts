import { evaluatorPart } from '../evaluator-part.js'
import { neutralDisplay, neutralTraits } from '../traits.js'
import { InTrainingEvaluator } from './in-training-evaluator.js'
import type { InTrainingOptions } from './settings.js'

/** Measures in training: see `InTrainingEvaluator`. No configuration chooses it: `rank.inTraining` asks for it. */
export const inTrainingPart = evaluatorPart({
  name: 'measures-in-training',
  schema: () => null,
  traits: neutralTraits,
  display: neutralDisplay,
  create: (options: InTrainingOptions) => new InTrainingEvaluator(options),
})
