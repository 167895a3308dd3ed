import { z } from 'zod'
import { inTrainingSchema } from '../../evaluators/measures-in-training/settings.js'
import { settingsKit } from '../../platform/settings/settings-kit.js'
import { mostHeld, userPath } from '../../platform/settings/values.js'
import { rankedEvaluatorSchema } from './evaluator.js'

/** The setting `rank`. */
export const rankSchema = z
  .strictObject({
    evaluators: z
      .array(rankedEvaluatorSchema)
      .prefault([])
      .describe('The evaluators to compare; full training is added automatically'),
    inTraining: inTrainingSchema(settingsKit).optional(),
    truth: z
      .strictObject({
        accuracy: z
          .enum(['test', 'validation'])
          .default('test')
          .describe('The images whose accuracy after full training is the truth'),
        sharedSeeds: z
          .boolean()
          .default(false)
          .describe('Use the same initial weights and image order for full training as the evaluators'),
      })
      .prefault({}),
    from: z
      .union([userPath.transform((directory) => [directory]), z.array(userPath).min(1)])
      .optional()
      .describe('Directories of runs with the same settings, whose evaluations and full trainings are reused'),
    bootstrap: z.int().min(0).max(mostHeld).default(1000).describe('Resamples for the 95 % intervals'),
  })
  .describe('The evaluators that `fear-nas rank` compares, on budget.trials architectures')
