import { z } from 'zod'
import { batchSize, count, positive, rate } from '../../platform/settings/values.js'
import { defaultRecipe as recipe } from '../../training/recipe.js'

const augmentation = z.strictObject({
  flip: z.boolean().default(recipe.augmentation.flip).describe('Horizontal flip with probability one half'),
  crop: count.max(1024).default(recipe.augmentation.crop).describe('Zero padding before a random crop; 0 for none'),
  cutout: count.max(1024).default(recipe.augmentation.cutout).describe('Side of the square set to zero; 0 for none'),
})

/** The setting `training`: the recipe of full training. */
export const trainingSchema = z.strictObject({
  epochs: positive.default(recipe.epochs),
  batch: batchSize.default(recipe.batch),
  learningRate: rate.default(recipe.learningRate),
  momentum: z.number().min(0).lt(1).default(recipe.momentum),
  nesterov: z.boolean().default(recipe.nesterov),
  weightDecay: z.number().min(0).default(recipe.weightDecay).describe('Coupled L2 on every parameter'),
  schedule: z.enum(['cosine', 'constant']).default(recipe.schedule).describe('Learning rate over the epochs'),
  clipNorm: rate.nullable().default(recipe.clipNorm).describe('Global L2 norm of the gradient; null for no clipping'),
  augmentation: augmentation.prefault({}),
})
