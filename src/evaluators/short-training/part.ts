import { evaluatorPart, wholeNetwork } from '../evaluator-part.js'
import { type ShortTrainingOptions, shortTrainingSchema } from './settings.js'
import { shortTraining } from './short-training-evaluator.js'

/** A short training: see `shortTraining`. */
export const shortTrainingPart = evaluatorPart({
  name: 'short-training',
  schema: shortTrainingSchema,
  traits: { trainsInFull: false, scoreIsAccuracy: true, isShortTraining: true },
  display: {
    title: 'short training',
    colours: ['blue2', 'blue', 'blue3', 'blue4'],
    isDashed: true,
    parts: [{ title: 'short training', colour: 'blue2', phases: null }],
    thresholdPhase: null,
  },
  create: shortTraining,
  batches: ({ batch }: ShortTrainingOptions) => [wholeNetwork(batch)],
})
