import { z } from 'zod'
import { batchSize, count, positive, rate } from '../../platform/settings/values.js'

const augmentation = z.strictObject({
  flip: z.boolean().default(false).describe('Horizontal flip with probability one half'),
  crop: count.max(1024).default(0).describe('Zero padding before a random crop; 0 for none'),
  cutout: count.max(1024).default(0).describe('Side of the square set to zero; 0 for none'),
})

/** The setting `training`: what full training is. */
export const trainingSchema = z.strictObject({
  epochs: positive.default(12),
  batch: batchSize.default(128),
  learningRate: rate.default(0.1),
  momentum: z.number().min(0).lt(1).default(0.9),
  nesterov: z.boolean().default(true),
  weightDecay: z.number().min(0).default(5e-4).describe('Coupled L2 on every parameter'),
  schedule: z.enum(['cosine', 'constant']).default('cosine').describe('Learning rate over the epochs'),
  clipNorm: rate.nullable().default(5).describe('Global L2 norm of the gradient; null for no clipping'),
  augmentation: augmentation.prefault({}),
})
