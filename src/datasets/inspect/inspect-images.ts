import { classCounts } from '../class-balance.js'
import type { Split } from '../dataset.js'
import { channelStatistics } from '../normalisation.js'
import type { RawImages } from '../raw-images.js'
import { countConstant, type Duplicates, findDuplicates } from './image-hashes.js'

export interface SplitFindings {
  readonly images: number
  /** Of each class, in the order of `classNames`. */
  readonly perClass: readonly number[]
  readonly darkest: number
  readonly brightest: number
  readonly constantImages: number
}

/** What the images of a data set are like. */
export interface ImageFindings {
  readonly channels: number
  readonly height: number
  readonly width: number
  readonly classNames: readonly string[]
  readonly train: SplitFindings
  readonly test: SplitFindings
  /** Of all training images, 0..1, per channel. */
  readonly mean: readonly number[]
  readonly std: readonly number[]
  readonly duplicates: Duplicates
  /** What makes the data unusable, or results on them worthless. */
  readonly problems: readonly string[]
  /** What one should know. */
  readonly notes: readonly string[]
}

/** A share of the test images known from training that makes accuracies worthless, or of constant images. */
const toleratedShare = 0.01
/** The largest class may have so many times the images of the smallest before it is worth a word. */
const toleratedImbalance = 1.5

/** Looks at every image of a data set. */
export function inspectImages(raw: RawImages): ImageFindings {
  const { channels, height, width, classNames, train, test } = raw
  const { mean, std } = channelStatistics(train, channels)
  const found = {
    channels,
    height,
    width,
    classNames,
    train: inspectSplit(raw, train),
    test: inspectSplit(raw, test),
    mean,
    std,
    duplicates: findDuplicates(train, test),
  }
  return { ...found, problems: problemsOf(found), notes: notesOf(found) }
}

function inspectSplit({ channels, classNames }: RawImages, split: Split): SplitFindings {
  let darkest = 255
  let brightest = 0
  for (const value of split.pixels) {
    if (value < darkest) darkest = value
    if (value > brightest) brightest = value
  }
  return {
    images: split.count,
    perClass: classCounts(split, classNames.length),
    darkest,
    brightest,
    constantImages: countConstant(split, channels),
  }
}

type Found = Omit<ImageFindings, 'problems' | 'notes'>

function problemsOf({ classNames, train, test, duplicates }: Found): readonly string[] {
  const problems: string[] = []
  for (const [split, { perClass }] of [
    ['training', train],
    ['test', test],
  ] as const) {
    const empty = classNames.filter((_, i) => perClass[i] === 0)
    if (empty.length > 0) problems.push(`no ${split} images of ${listed(empty)}. Add some, or leave the class out.`)
  }
  if (duplicates.testInTrain > toleratedShare * test.images) {
    problems.push(
      `${duplicates.testInTrain} of ${test.images} test images are training images too: accuracies would be too high. ` +
        'Take them out of one of the two.',
    )
  }
  for (const [split, { constantImages, images }] of [
    ['training', train],
    ['test', test],
  ] as const) {
    if (constantImages > toleratedShare * images) {
      problems.push(`${constantImages} of ${images} ${split} images have one colour. Check how they were made.`)
    }
  }
  return problems
}

function notesOf(found: Found): readonly string[] {
  const { height, width, classNames, train, test, duplicates } = found
  const notes: string[] = []
  if (height % 4 !== 0 || width % 4 !== 0) {
    notes.push(`networks need a height and width that 4 divides: set data.size, such as ${proposedSize(found)}`)
  }
  for (const [split, { perClass }] of [
    ['training', train],
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
  count('test images that are training images too', duplicates.testInTrain)
  count('of these with another label', duplicates.testInTrainOtherLabel)
  count('training images that are copies of others', duplicates.withinTrain)
  count('test images that are copies of others', duplicates.withinTest)
  count('images of one colour', train.constantImages + test.constantImages)
  if (Math.max(train.brightest, test.brightest) < 128) {
    notes.push(
      `no pixel is brighter than ${Math.max(train.brightest, test.brightest)} of 255: check that pixels are in 0..255 or 0..1`,
    )
  }
  return notes
}

/** A square that networks take: the smaller side rounded to a multiple of 4. */
export function proposedSize({ height, width }: Pick<ImageFindings, 'height' | 'width'>): number {
  return Math.max(4, 4 * Math.round(Math.min(height, width) / 4))
}

function listed(names: readonly string[]): string {
  const shown = names.slice(0, 5).join(', ')
  return names.length > 5 ? `${shown} and ${names.length - 5} other classes` : shown
}
