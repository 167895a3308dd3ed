import type { z } from 'zod'
import type { SettingsKit } from '../../platform/settings/settings-kit.js'
import { calibrationSchema } from '../calibration/settings.js'
import type { FearOptions } from './options.js'

/**
 * FEAR for small data sets on ordinary machines. Differences from the paper (`presets.ts`): stage 1 has at most 30
 * epochs with a constant learning rate, so that the maximum does not change the training; the last stage is trained on
 * cached features, with frozen batch norm; and costs of stage 1 are compared in FLOPs, which do not depend on other
 * work on the machine.
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
const defaults = defaultFearOptions

const ratio = ({ z }: SettingsKit, fallback: number | null) =>
  z
    .number()
    .gt(1)
    .nullable()
    .default(fallback)
    .describe('Reject a trial when its stage 1 costs this multiple of the cheapest so far; null: never')

/** FEAR as a configuration describes it. */
export const fearSchema = (kit: SettingsKit) => {
  const { z, batchSize, fraction, positive, rate } = kit
  return z.strictObject({
    name: z.literal('fear'),
    preset: z
      .literal('paper')
      .optional()
      .describe("The settings of FEAR's authors for the data set, for everything that is not written here"),
    threshold: z
      .union([fraction, z.literal('auto')], { error: 'must be a number in (0, 1], or auto' })
      .default(defaults.threshold)
      .describe('Train accuracy that ends stage 1; auto: found by a short calibration, whose cost is part of the arm'),
    calibration: calibrationSchema(kit).prefault({}).describe('For threshold: auto'),
    maxEpochs: positive.default(defaults.maxEpochs).describe('Maximum number of epochs of stage 1'),
    ratio: ratio(kit, defaults.ratio),
    cost: z
      .enum(['work', 'steps', 'seconds'])
      .default(defaults.cost)
      .describe('Unit in which stage-1 costs are compared: training FLOPs, optimiser steps or measured seconds'),
    score: z.enum(['train', 'validation']).default(defaults.score).describe('The images whose accuracy is the score'),
    stage1: z
      .strictObject({
        batch: batchSize.default(defaults.stage1.batch),
        learningRate: rate.default(defaults.stage1.learningRate),
        schedule: z
          .enum(['cosine', 'constant'])
          .default(defaults.stage1.schedule)
          .describe('Learning-rate schedule; cosine: falls to 0 over maxEpochs'),
        check: z
          .enum(['epoch', 'window'])
          .default(defaults.stage1.check)
          .describe('When accuracy and cost are checked: at the end of each epoch, or after every step'),
        window: positive
          .default(defaults.stage1.window)
          .describe('Number of latest steps over which `check: window` averages the accuracy; may span epochs'),
      })
      .prefault({}),
    stage2: z
      .strictObject({
        cut: z
          .string()
          .default(defaults.stage2.cut)
          .describe('The first part that is trained: last-stage, cells.K or head'),
        epochs: positive.default(defaults.stage2.epochs),
        batch: batchSize.default(defaults.stage2.batch),
        learningRate: rate.default(defaults.stage2.learningRate),
        cacheFeatures: z
          .boolean()
          .default(defaults.stage2.cacheFeatures)
          .describe('Compute the output of the frozen part once and keep it (needs training without augmentation)'),
        batchNorm: z
          .enum(['running', 'batch'])
          .default(defaults.stage2.batchNorm)
          .describe('Statistics that batch norm in the frozen part uses'),
        scoreEpoch: z
          .enum(['last', 'best'])
          .default(defaults.stage2.scoreEpoch)
          .describe('Epoch whose train accuracy is the score'),
      })
      .prefault({}),
  })
}

/** In a ranking every architecture needs a score, so by default nothing is rejected. */
export const rankedFearSchema = (kit: SettingsKit) => fearSchema(kit).extend({ ratio: ratio(kit, null) })

/** FEAR's settings in a configuration: `auto` is a threshold found by calibration. */
export type FearSettings = z.output<ReturnType<typeof fearSchema>>
