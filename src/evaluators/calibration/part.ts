import { evaluatorPart } from '../evaluator-part.js'
import { neutralDisplay, neutralTraits } from '../traits.js'
import { calibrationTraining } from './calibration-evaluator.js'

/** The trainings that find a threshold. No configuration chooses it: an evaluator whose threshold is `auto` asks for it. */
export const calibrationPart = evaluatorPart({
  name: 'calibration',
  schema: () => null,
  traits: neutralTraits,
  display: neutralDisplay,
  create: calibrationTraining,
})
