import { z } from 'zod'
import { inTrainingSchema } from '../../evaluators/measures-in-training/settings.js'
import { rankedEvaluatorSchema } from '../../evaluators/registry.js'
import { mostHeld, userPath } from '../../platform/settings/values.js'

/** The setting `rank`. */
export const rankSchema = z
  .strictObject({
    evaluators: z
      .array(rankedEvaluatorSchema)
      .prefault([])
      .describe('Each scores the same architectures; full training is added by itself'),
    inTraining: inTrainingSchema.optional(),
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
