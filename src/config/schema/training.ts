import { z } from 'zod'
import { count, positive, rate } from './values.js'

const augmentation = z.strictObject({
  flip: z.boolean().default(false).describe('Horizontal flip with probability one half'),
  crop: count.default(0).describe('Zero padding before a random crop; 0 for none'),
  cutout: count.default(0).describe('Side of the square set to zero; 0 for none'),
})

/** The setting `training`: what full training is. */
export const trainingSchema = z.strictObject({
  epochs: positive.default(12),
  batch: positive.default(128),
  learningRate: rate.default(0.1),
  momentum: z.number().min(0).lt(1).default(0.9),
  nesterov: z.boolean().default(true),
  weightDecay: z.number().min(0).default(5e-4).describe('Coupled L2 on every parameter'),
  schedule: z.enum(['cosine', 'constant']).default('cosine').describe('Learning rate over the epochs'),
  clipNorm: rate.nullable().default(5).describe('Global L2 norm of the gradient; null for no clipping'),
  augmentation: augmentation.prefault({}),
})
