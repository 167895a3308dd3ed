import { z } from 'zod'
import { duration, fraction, positive, rate } from '../../platform/settings/values.js'

/** The setting `budget`. */
export const budgetSchema = z
  .strictObject({
    trials: positive.optional().describe('Architectures'),
    wallClock: duration.optional().describe('Time that the search takes, full training of finalists not included'),
    computeSeconds: duration.optional().describe('Time that workers are busy with it, summed'),
    epochs: rate
      .optional()
      .describe('Passes over the training images, summed over trials; those of both FEAR stages count'),
    trainingFlops: rate.optional().describe('FLOPs of training and validating, summed over trials, such as 3.5e15'),
    targetAccuracy: fraction
      .optional()
      .describe('Ends with the first trial whose score is so high; for full-training and short-training'),
    atLimit: z
      .enum(['finish', 'abort'])
      .optional()
      .describe('What becomes of running trials when a limit is reached; default: finish'),
  })
  .refine(({ atLimit: _, ...limits }) => Object.values(limits).some((limit) => limit !== undefined), {
    message: 'needs at least one of trials, wallClock, computeSeconds, epochs, trainingFlops, targetAccuracy',
  })
