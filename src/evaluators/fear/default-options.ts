import type { FearOptions } from '../evaluator.js'

/**
 * FEAR for small data sets on ordinary machines. Against the paper (`presets.ts`): stage 1 is capped at 30 epochs
 * with a constant learning rate, so that the cap does not change the training; the last stage is trained on features
 * that are computed once, with frozen batch norm; and stage-1 costs are compared in FLOPs, which do not depend on what
 * else the machine is doing.
 */
export const defaultFearOptions: FearOptions = {
  name: 'fear',
  threshold: 0.6,
  maxEpochs: 30,
  ratio: 4,
  cost: 'work',
  score: 'train',
  stage1: { batch: 128, learningRate: 0.1, schedule: 'constant', check: 'epoch', window: 50 },
  stage2: {
    cut: 'last-stage',
    epochs: 5,
    batch: 256,
    learningRate: 0.1,
    cacheFeatures: true,
    batchNorm: 'running',
    scoreEpoch: 'last',
  },
}
