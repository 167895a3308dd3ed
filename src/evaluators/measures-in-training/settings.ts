import type { SettingsKit } from '../../platform/settings/settings-kit.js'
import type { MeasureName } from '../zero-cost/measure.js'
import { classicMeasures, measureNames } from '../zero-cost/registry.js'

/** Zero-cost measures of a network in training: Figure 4 of the paper. */
export interface InTrainingOptions {
  readonly name: 'measures-in-training'
  readonly measures: readonly MeasureName[]
  /** Images per measure. */
  readonly batch: number
  /** Epochs after which the network is measured, ascending; 0: untrained. Training ends with the last. */
  readonly epochs: readonly number[]
  /**
   * `paper`: rounds of one epoch, each with the recipe's learning rate, a new optimiser and the images in the same
   * order. `recipe`: the first epochs of full training as they are.
   */
  readonly training: 'paper' | 'recipe'
  /** Also measure after the first epoch with this training accuracy, in (0, 1]; null: no. */
  readonly threshold: number | null
}

/** The setting `rank.inTraining`, which asks for it without its name. */
export const inTrainingSchema = ({ z, batchSize, fraction, nonNegative }: SettingsKit) =>
  z
    .strictObject({
      measures: z
        .array(z.enum(measureNames))
        .default([...classicMeasures])
        .describe('Zero-cost measures; default: the eight of zero-cost-nas'),
      batch: batchSize.default(256).describe('Training images per measure'),
      epochs: z
        .array(nonNegative)
        .min(1, 'must be a list of at least one number of epochs')
        .default([0, 1, 2, 4, 8])
        .describe('Epochs after which to measure, ascending; 0: untrained'),
      training: z
        .enum(['paper', 'recipe'])
        .default('paper')
        .describe(
          'paper: each epoch starts anew, with the full learning rate, a new optimiser and the same order; recipe: as in full training',
        ),
      threshold: fraction
        .nullable()
        .default(null)
        .describe('Also measure after the first epoch with this training accuracy; null: no'),
    })
    .describe('Zero-cost measures during the first epochs of training')

/** The options of `rank.inTraining`. */
export function inTrainingOptions(settings: Omit<InTrainingOptions, 'name'>): InTrainingOptions {
  return { name: 'measures-in-training', ...settings }
}
