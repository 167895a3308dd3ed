import { evaluatorPart } from '../evaluator-part.js'
import { neutralDisplay, neutralTraits } from '../traits.js'
import { ResumableTraining } from './resumable-training-evaluator.js'
import type { ResumableTrainingOptions } from './settings.js'

/** The training of `fear-nas train`. No configuration chooses it. */
export const resumableTrainingPart = evaluatorPart({
  name: 'resumable-training',
  schema: () => null,
  traits: neutralTraits,
  display: neutralDisplay,
  create: (options: ResumableTrainingOptions) => new ResumableTraining(options),
})
