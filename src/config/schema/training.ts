import { z } from 'zod'
import { batchSize, nonNegative, positive, rate } from '../../platform/settings/values.js'
import { defaultRecipe as recipe } from '../../training/recipe.js'

const augmentation = z.strictObject({
  flip: z.boolean().default(recipe.augmentation.flip).describe('Horizontal flip with probability one half'),
  crop: nonNegative
    .max(1024)
    .default(recipe.augmentation.crop)
    .describe('Pixels of zero padding before a random crop; 0: none'),
  cutout: nonNegative
    .max(1024)
    .default(recipe.augmentation.cutout)
    .describe('Side in pixels of a random square that is set to zero; 0: none'),
})

/** The setting `training`: the recipe of full training. */
export const trainingSchema = z.strictObject({
  epochs: positive.default(recipe.epochs),
  batch: batchSize.default(recipe.batch),
  learningRate: rate.default(recipe.learningRate),
  momentum: z.number().min(0).lt(1).default(recipe.momentum),
  nesterov: z.boolean().default(recipe.nesterov),
  weightDecay: z
    .number()
    .min(0)
    .default(recipe.weightDecay)
    .describe('L2 penalty, added to the gradient of every parameter'),
  schedule: z.enum(['cosine', 'constant']).default(recipe.schedule).describe('Learning-rate schedule over the epochs'),
  clipNorm: rate
    .nullable()
    .default(recipe.clipNorm)
    .describe('Clip the global L2 norm of the gradient; null: no clipping'),
  augmentation: augmentation.prefault({}),
})
