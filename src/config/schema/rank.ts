import { z } from 'zod'
import { classicMeasures, measureNames } from '../../evaluators/zero-cost/registry.js'
import { batchSize, count, fraction, mostHeld, userPath } from '../../platform/settings/values.js'
import { fear, shortTraining, zeroCost } from './evaluator.js'

/** In a ranking every architecture is to have its score, so nothing is rejected unless asked for. */
const rankedFear = fear.extend({
  ratio: z.number().gt(1).nullable().default(null).describe('Reject at ratio times the cheapest stage 1; null: never'),
})

const inTraining = z
  .strictObject({
    measures: z
      .array(z.enum(measureNames))
      .default([...classicMeasures])
      .describe('Zero-cost measures; default: the eight of zero-cost-nas'),
    batch: batchSize.default(256).describe('Training images that the measures look at'),
    epochs: z
      .array(count)
      .min(1, 'must be a list of at least one number of epochs')
      .default([0, 1, 2, 4, 8])
      .describe('After how many epochs they are taken, rising; 0: of the untrained network'),
    training: z
      .enum(['paper', 'recipe'])
      .default('paper')
      .describe(
        'paper: each epoch with the full learning rate, a new optimiser and the same order; recipe: as training',
      ),
    threshold: fraction
      .nullable()
      .default(null)
      .describe('Take them also after the first epoch with this train accuracy; null: no'),
  })
  .describe('How zero-cost measures rank as training proceeds')

/** The setting `rank`. */
export const rankSchema = z
  .strictObject({
    evaluators: z
      .array(z.discriminatedUnion('name', [rankedFear, shortTraining, zeroCost]))
      .default([])
      .describe('Each scores the same architectures; full training is added by itself'),
    inTraining: inTraining.optional(),
    truth: z
      .strictObject({
        accuracy: z.enum(['test', 'validation']).default('test').describe('Of which images, after full training'),
        sharedSeeds: z
          .boolean()
          .default(false)
          .describe('Full training from the initial weights and image order that the evaluators see'),
      })
      .prefault({}),
    from: z
      .union([userPath.transform((directory) => [directory]), z.array(userPath).min(1)])
      .optional()
      .describe('Directories of runs with the same settings whose evaluations and full trainings are taken over'),
    bootstrap: z.int().min(0).max(mostHeld).default(1000).describe('Resamples for the 95 % intervals'),
  })
  .describe('What `fear-nas rank` compares over budget.trials architectures')
