import { evaluatorPart } from '../evaluator-part.js'
import { fullTraining } from './full-training-evaluator.js'
import { type FullTrainingOptions, fullTrainingSchema } from './settings.js'

/** Full training: see `fullTraining`. */
export const fullTrainingPart = evaluatorPart({
  name: 'full-training',
  schema: fullTrainingSchema,
  // A ranking has it anyway: it is the truth.
  rankedSchema: () => null,
  traits: { trainsInFull: true, scoreIsAccuracy: true, isShortTraining: false },
  display: {
    title: 'full training',
    colours: ['grey', 'faint'],
    parts: [{ title: 'full training of every architecture', colour: 'grey', phases: null }],
    thresholdPhase: null,
  },
  create: (_: FullTrainingOptions) => fullTraining,
})
