import { channelStatistics } from '../normalisation.js'
import type { RawImages } from '../raw-images.js'
import { type Duplicates, findDuplicates } from './image-hashes.js'
import { inspectSplit, type SplitFindings } from './inspect-split.js'
import { problemsOf } from './problems.js'
import { fitsNetworks, keepsSize, proposedSize } from './proposed-size.js'

/** Properties of the images of a data set. */
export interface ImageFindings {
  readonly channels: number
  readonly height: number
  readonly width: number
  readonly classNames: readonly string[]
  readonly train: SplitFindings
  /** The official validation images; null without any. */
  readonly validation: SplitFindings | null
  readonly test: SplitFindings
  /** Mean of all training images per channel, in 0..1. */
  readonly mean: readonly number[]
  readonly std: readonly number[]
  readonly duplicates: Duplicates
  /** Problems that make the data unusable or results meaningless. */
  readonly problems: readonly string[]
  /** Other notes. */
  readonly notes: readonly string[]
}

/** Ratio of the largest to the smallest class above which there is a note. */
const toleratedImbalance = 1.5

/** Inspects every image of a data set. */
export function inspectImages(raw: RawImages): ImageFindings {
  const { channels, height, width, classNames, train, validation, test } = raw
  const { mean, std } = channelStatistics(train, channels)
  const found = {
    channels,
    height,
    width,
    classNames,
    train: inspectSplit(raw, train),
    validation: validation === undefined ? null : inspectSplit(raw, validation),
    test: inspectSplit(raw, test),
    mean,
    std,
    duplicates: findDuplicates(validation === undefined ? [train] : [train, validation], test),
  }
  return { ...found, problems: problemsOf(found), notes: notesOf(found) }
}

type Found = Omit<ImageFindings, 'problems' | 'notes'>

function notesOf(found: Found): readonly string[] {
  const { height, width, classNames, train, validation, test, duplicates } = found
  const notes: string[] = []
  if (!fitsNetworks(found)) {
    notes.push(
      `networks need a height and width that are multiples of 4: set data.size, such as ${proposedSize(found)}`,
    )
  } else if (!keepsSize(found)) {
    notes.push(`images of ${width}x${height} need much time and memory: try data.size ${proposedSize(found)}`)
  }
  for (const [split, { perClass }] of [
    ['training', train],
    ...(validation === null ? [] : [['validation', validation] as const]),
    ['test', test],
  ] as const) {
    const [fewest, most] = [Math.min(...perClass), Math.max(...perClass)]
    if (fewest > 0 && most > toleratedImbalance * fewest) {
      const [rare, common] = [fewest, most].map((count) => classNames[perClass.indexOf(count)])
      notes.push(`${split} classes are of unequal size: ${common} has ${most} images, ${rare} ${fewest}`)
    }
  }
  const count = (what: string, number: number): void => {
    if (number > 0) notes.push(`${what}: ${number}`)
  }
  count('test images that are also training images', duplicates.testInTrain)
  count('of these with another label', duplicates.testInTrainOtherLabel)
  count('training images that are copies of others', duplicates.withinTrain)
  count('of these with another label', duplicates.withinTrainOtherLabel)
  count('test images that are copies of others', duplicates.withinTest)
  count('images of a single colour', train.constantImages + (validation?.constantImages ?? 0) + test.constantImages)
  const brightest = Math.max(train.brightest, test.brightest)
  if (brightest < 128) {
    notes.push(
      `no pixel is brighter than ${brightest} of 255. That changes nothing where images are normalised, which is the default, but if ${brightest} is white, ` +
        `save (x * (255 / ${brightest})).astype('uint8')`,
    )
  }
  return notes
}
