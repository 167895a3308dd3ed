import type { Dataset, Split } from './dataset.js'

/** The data set with the validation images among the training images, behind them, and none left for validation. */
export function withoutValidation(dataset: Dataset): Dataset {
  const { train, validation } = dataset
  return {
    ...dataset,
    train: joined(train, validation),
    validation: { ...validation, count: 0, pixels: bytes(0), labels: bytes(0) },
  }
}

function joined(first: Split, second: Split): Split {
  return {
    count: first.count + second.count,
    pixels: concatenated(first.pixels, second.pixels),
    labels: concatenated(first.labels, second.labels),
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
