import { z } from 'zod'
import { duration, fraction, positive, rate } from '../../platform/settings/values.js'

/** The setting `budget`. */
export const budgetSchema = z
  .strictObject({
    trials: positive.optional().describe('Number of trials'),
    wallClock: duration.optional().describe('Wall-clock time of the search, without the full training of finalists'),
    computeSeconds: duration.optional().describe('Seconds that workers are busy, summed over workers'),
    epochs: rate.optional().describe('Epochs summed over trials; both FEAR stages count'),
    trainingFlops: rate.optional().describe('FLOPs of training and validation, summed over trials, such as 3.5e15'),
    targetAccuracy: fraction
      .optional()
      .describe('End with the first trial whose score reaches this; for full-training and short-training'),
    atLimit: z
      .enum(['finish', 'abort'])
      .optional()
      .describe('Whether running trials finish or are aborted at a limit; default: finish'),
  })
  .refine(({ atLimit: _, ...limits }) => Object.values(limits).some((limit) => limit !== undefined), {
    message: 'needs at least one of trials, wallClock, computeSeconds, epochs, trainingFlops, targetAccuracy',
  })
