import type { Dataset } from '../dataset.js'
import { findDuplicates } from './image-hashes.js'
import { inspectSplit } from './inspect-split.js'
import { problemsOf } from './problems.js'

/** The problems of the images that a run uses, as found by `data check` for its configuration. */
export function datasetProblems(dataset: Dataset): readonly string[] {
  const { classNames, train, validation, test } = dataset
  return problemsOf({
    classNames,
    train: inspectSplit(dataset, train),
    validation: inspectSplit(dataset, validation),
    test: inspectSplit(dataset, test),
    duplicates: findDuplicates([train, validation], test),
  })
}
