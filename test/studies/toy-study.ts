import type { StudyOptions } from '../../src/studies/study.js'
import { toyFear } from '../search/toy-evaluation.js'

/** FEAR against full training over thirty architectures whose evaluations are formulas. */
export const toyStudy: StudyOptions = {
  seed: 7,
  engine: 'tfjs-cpu',
  space: {
    name: 'nats-tss',
    macro: { channels: 4, cells: 1, input: { channels: 1, height: 8, width: 8 }, classes: 10 },
  },
  training: {
    epochs: 40,
    batch: 128,
    learningRate: 0.1,
    momentum: 0.9,
    nesterov: true,
    weightDecay: 5e-4,
    schedule: 'cosine',
    clipNorm: 5,
    augmentation: { flip: false, crop: 0, cutout: 0 },
  },
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
