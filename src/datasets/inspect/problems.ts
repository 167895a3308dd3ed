import { listed } from '../../platform/listed.js'
import type { Duplicates } from './image-hashes.js'
import type { SplitFindings } from './inspect-split.js'

/** The data in which problems are found. */
export interface Inspected {
  readonly classNames: readonly string[]
  /** All images that are for training; with `validation` those are left out. */
  readonly train: SplitFindings
  /** null if no validation images have been taken from the training images yet. */
  readonly validation: SplitFindings | null
  readonly test: SplitFindings
  readonly duplicates: Duplicates
}

/** Maximum share of test images among the training images, and of constant images. */
const toleratedShare = 0.01

/**
 * Problems that make results on a data set meaningless. Reported by `data check`, and by every run for the images it
 * uses. Data that cannot be trained on are refused before (`chooseImages`).
 */
export function problemsOf({ classNames, train, validation, test, duplicates }: Inspected): readonly string[] {
  const training = train.images + (validation?.images ?? 0)
  return [
    ...missingClasses(classNames, 'training', train),
    ...(validation === null ? [] : missingClasses(classNames, 'validation', validation)),
    ...missingClasses(classNames, 'test', test),
    ...onlyOne(classNames, train, validation),
    ...many(
      duplicates.testInTrain,
      test.images,
      'test images are training images too',
      'accuracies would be too high. Take them out of one of the two.',
    ),
    ...many(
      duplicates.withinTrain,
      training,
      'training images are copies of others',
      'validation images would be known from training. Keep one of each.',
    ),
    ...many(
      duplicates.withinTrainOtherLabel,
      training,
      'training images have a copy in another class',
      'no network can tell them apart. Keep one of each.',
    ),
    ...constant('training', [train, ...(validation === null ? [] : [validation])]),
    ...constant('test', [test]),
  ]
}

function missingClasses(
  classNames: readonly string[],
  split: 'training' | 'validation' | 'test',
  { perClass }: SplitFindings,
): readonly string[] {
  const empty = classNames.filter((_, i) => perClass[i] === 0)
  if (empty.length === 0) return []
  const advice =
    split === 'validation'
      ? `Set data.validation to at least ${classNames.length}.`
      : 'Add some, or leave the class out.'
  return [`no ${split} images of ${listedClasses(empty)}. ${advice}`]
}

/** Before validation images are taken, every class needs two. */
function onlyOne(
  classNames: readonly string[],
  { perClass }: SplitFindings,
  validation: SplitFindings | null,
): readonly string[] {
  const single = validation === null ? classNames.filter((_, i) => perClass[i] === 1) : []
  if (single.length === 0) return []
  return [
    `a single training image of ${listedClasses(single)}, and one is needed for training and one for validation. ` +
      'Add some, or leave the class out.',
  ]
}

function many(count: number, of: number, what: string, consequence: string): readonly string[] {
  return count > toleratedShare * of ? [`${count} of ${of} ${what}: ${consequence}`] : []
}

function constant(split: string, parts: readonly SplitFindings[]): readonly string[] {
  const sum = (of: (part: SplitFindings) => number): number => parts.reduce((total, part) => total + of(part), 0)
  const [count, images] = [sum(({ constantImages }) => constantImages), sum((part) => part.images)]
  if (count <= toleratedShare * images) return []
  return [`${count} of ${images} ${split} images have one colour. Check how they were made.`]
}

/** The first few of the classes. */
function listedClasses(names: readonly string[]): string {
  return listed(names, { most: 5, longest: Infinity, others: 'other classes' })
}
