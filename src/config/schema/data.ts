import { z } from 'zod'
import type { RawImages, RawImagesLoader } from '../../datasets/raw-images.js'
import { datasetNames } from '../../datasets/registry.js'
import { moduleShape, valueShape } from '../../platform/parts/part-settings.js'
import { count, positive, userPath } from '../../platform/settings/values.js'

/** Maximum side of an image: at this size, one feature map of 16 channels for a batch of 128 takes 8 GB. */
const mostPixels = 1024

/** What is taken of a data set, whatever it is. */
const taken = {
  train: count.default(0).describe('Training images, class-balanced; 0 takes all that validation leaves'),
  validation: positive.default(5000).describe('Validation images, class-balanced, taken from the training images'),
  test: count.default(0).describe('Test images, class-balanced; 0 takes all'),
  size: positive
    .max(mostPixels)
    .nullable()
    .default(null)
    .describe('Height and width to resample to; null keeps the original'),
  normalise: z
    .boolean()
    .default(true)
    .describe('Scale by mean and deviation of the training images; false: pixels as they are, 0..1'),
}

/** A data set of this package. */
export const builtInData = z.strictObject({
  name: z.enum(datasetNames).describe('The data set'),
  path: userPath.optional().describe('Archive or folder, for data sets that no package brings'),
  ...taken,
  channels: z
    .union([z.literal(1), z.literal(3)])
    .optional()
    .describe('folders: make all images grey (1) or colour (3); without it they are left as they are'),
  layout: z
    .enum(['nhwc', 'nchw'])
    .optional()
    .describe('arrays: channels last or first, where their shape does not tell'),
  testShare: z
    .number()
    .gt(0)
    .max(0.5)
    .optional()
    .describe('arrays, folders: part of the images that is set aside where there are no test images; 0.2 if not given'),
})

const path = userPath.optional().describe('Passed to the module as path')

/** The setting `data`. */
export const dataSchema = z.discriminatedUnion('name', [
  builtInData,
  z.strictObject({
    ...moduleShape('loads images: (request, hooks) => RawImages, or a promise of them'),
    path,
    ...taken,
  }),
  z.strictObject({ ...valueShape<RawImages | RawImagesLoader>(), path, ...taken }),
])
