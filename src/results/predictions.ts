import { accuracyByClass, type Confusion, confusionOf } from './network-metrics.js'

/** What a network says of an image file. */
export interface ImageResult {
  /** The path, as given or below the folder that was given. */
  readonly image: string
  /** The most probable class; null if the image could not be read. */
  readonly className: string | null
  /** Of that class, in 0..1. */
  readonly probability: number | null
  /** Of all classes, in their order, in 0..1. */
  readonly probabilities: readonly number[] | null
  /** The class by the folder that it lies in; null if none is known. */
  readonly trueClass: string | null
  /** Why it could not be read. */
  readonly error: string | null
}

/** How many images with known classes were classified correctly. */
export interface LabelledResult {
  readonly images: number
  readonly right: number
  /** In 0..1. */
  readonly accuracy: number
  readonly confusion: Confusion
  /** Null for a class without images. */
  readonly accuracyByClass: readonly (number | null)[]
}

/** The results of images whose class is known and that could be read; null if there are none. */
export function labelledResult(results: readonly ImageResult[], classNames: readonly string[]): LabelledResult | null {
  const known = results.filter(({ className, trueClass }) => className !== null && trueClass !== null)
  const labels = new Map(classNames.map((name, label) => [name, label]))
  const indices = (of: (result: ImageResult) => string | null): number[] =>
    known.map((result) => labels.get(of(result) ?? '') ?? -1)
  const confusion = confusionOf(
    classNames.length,
    indices(({ trueClass }) => trueClass),
    indices(({ className }) => className),
  )
  const images = known.length
  const right = confusion.reduce((sum, row, label) => sum + (row[label] ?? 0), 0)
  if (images === 0) return null
  return { images, right, accuracy: right / images, confusion, accuracyByClass: accuracyByClass(confusion) }
}
