import type { StudyOptions } from '../../src/studies/study.js'
import { defaultRecipe } from '../../src/training/recipe.js'
import { toyFear } from '../search/toy-evaluation.js'

/** FEAR against full training over thirty architectures whose evaluations are formulas. */
export const toyStudy: StudyOptions = {
  seed: 7,
  engine: 'tfjs-cpu',
  space: {
    name: 'nats-tss',
    macro: { channels: 4, cells: 1, input: { channels: 1, height: 8, width: 8 }, classes: 10 },
  },
  training: { ...defaultRecipe, epochs: 40 },
  trialTimeoutSeconds: 3600,
  trainImages: 1000,
  budget: { trials: 30 },
  arms: [
    { name: 'fear', strategy: { name: 'random', duplicates: 'string' }, evaluator: toyFear, finalists: 3 },
    {
      name: 'full',
      strategy: { name: 'random', duplicates: 'string' },
      evaluator: { name: 'full-training' },
      finalists: 0,
    },
  ],
}
