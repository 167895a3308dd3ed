import { type Dataset, joinLabels } from './dataset.js'

/** The data set with the validation images among the training images, behind them, and none left for validation. */
export function withoutValidation(dataset: Dataset): Dataset {
  const { train, validation } = dataset
  return {
    ...dataset,
    train: {
      count: train.count + validation.count,
      pixels: concatenated(train.pixels, validation.pixels),
      labels: joinLabels(dataset.classes, [train.labels, validation.labels], 'shared'),
    },
    validation: { ...validation, count: 0, pixels: bytes(0), labels: joinLabels(dataset.classes, [], 'shared') },
  }
}

function concatenated(first: Uint8Array, second: Uint8Array): Uint8Array {
  const all = bytes(first.length + second.length)
  all.set(first)
  all.set(second, first.length)
  return all
}

/** In memory that threads share. */
function bytes(length: number): Uint8Array {
  return new Uint8Array(new SharedArrayBuffer(length))
}
