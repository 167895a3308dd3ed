import { z } from 'zod'
import type { RawImages, RawImagesLoader } from '../../datasets/raw-images.js'
import { datasetNames } from '../../datasets/registry.js'
import { moduleShape, valueShape } from '../../platform/parts/part-shapes.js'
import { nonNegative, positive, userPath } from '../../platform/settings/values.js'

/** Maximum side of an image: at this size, one feature map of 16 channels for a batch of 128 takes 8 GB. */
const mostPixels = 1024

/** What is taken of a data set, whatever it is. */
const taken = {
  train: nonNegative.default(0).describe('Number of training images, class-balanced; 0: all except validation'),
  validation: positive
    .default(5000)
    .describe(
      'Number of validation images, class-balanced, taken from the training images unless the data set has its own',
    ),
  test: nonNegative.default(0).describe('Number of test images, class-balanced; 0: all'),
  size: positive
    .max(mostPixels)
    .nullable()
    .default(null)
    .describe('Height and width to resample to; null: keep the size'),
  normalise: z
    .boolean()
    .default(true)
    .describe('Scale by mean and standard deviation of the training images; false: pixel values in 0..1'),
}

/** A data set of this package. */
export const builtInData = z.strictObject({
  name: z.enum(datasetNames).describe('The data set'),
  path: userPath
    .optional()
    .describe('Archive or folder of the data set; not needed for fashion-mnist and synthetic-cifar10'),
  ...taken,
  channels: z
    .union([z.literal(1), z.literal(3)])
    .optional()
    .describe('folders: convert all images to grey (1) or colour (3); default: unchanged'),
  layout: z
    .enum(['nhwc', 'nchw', 'hwcn'])
    .optional()
    .describe('arrays: channels last or first, or images last, if their shape is ambiguous'),
  splits: z
    .union([
      z.literal(false),
      z.strictObject({
        train: userPath.describe('The folder of training images, relative to path'),
        validation: userPath.optional().describe('Default: part of the training images'),
        test: userPath.optional().describe('Default: part of the training images is set aside'),
      }),
    ])
    .optional()
    .describe('folders: which folder is which; false: every folder is a class; default: recognised by their names'),
  labels: z
    .union([
      z.literal(false),
      userPath,
      z.strictObject({
        file: userPath.optional().describe('The table, relative to path; default: recognised'),
        image: z.string().optional().describe('The column of the images; default: recognised'),
        label: z.string().optional().describe('The column of the labels; default: recognised by its name'),
        split: z.string().optional().describe('The column of train, validation and test; default: recognised'),
      }),
    ])
    .optional()
    .describe(
      'folders: the table that labels the images, such as labels.csv; false: folders are classes; default: recognised',
    ),
  testShare: z
    .number()
    .gt(0)
    .max(0.5)
    .optional()
    .describe('arrays, folders: share of the images to set aside if there are no test images; default 0.2'),
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
