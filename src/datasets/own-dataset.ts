import { DataError } from '../platform/errors.js'
import { ownPart } from '../platform/parts/own-part.js'
import { mostClasses } from './dataset.js'
import type { DatasetRequest } from './dataset-request.js'
import type { RawImages, RawImagesLoader } from './raw-images.js'

/**
 * What loads the data set of a module or a value; null for one of this package. What it loads is checked. Runs the module's
 * code in this process when it is called.
 */
export function ownLoader({
  module,
  name,
  value,
}: Pick<DatasetRequest, 'name' | 'module' | 'value'>): RawImagesLoader | null {
  if (name === 'module' && module !== undefined) return loaderOf({ name, module })
  return name === 'value' && value !== undefined ? loaderOf({ name, value }) : null
}

function loaderOf(options: Parameters<typeof ownPart>[0]): RawImagesLoader {
  return async (request, hooks) => {
    const { made, subject } = ownPart(options, 'data set', request, hooks)
    return checkRawImages(await made, `${subject} no data set`)
  }
}

/** @throws DataError that says what is wrong with images that do not come from this package. */
function checkRawImages(images: unknown, subject: string): RawImages {
  const wrong = problemOf(images)
  if (wrong === null) return images as RawImages
  throw new DataError(`${subject}: ${wrong}. See docs/extending.md.`)
}

function problemOf(images: unknown): string | null {
  if (!isObject(images)) return 'it must be an object with classNames, channels, height, width, train and test'
  const { classNames, scale, test, train, validation } = images
  if (!Array.isArray(classNames) || !classNames.every((name) => typeof name === 'string' && name !== '')) {
    return 'classNames must be a list of texts'
  }
  if (classNames.length < 2 || classNames.length > mostClasses) {
    return `classNames must be 2 to ${mostClasses} names, got ${classNames.length}`
  }
  const seen = new Set<string>()
  const twice = classNames.find((name) => seen.size === seen.add(name).size)
  if (twice !== undefined) return `classNames has ${twice} twice`
  for (const side of ['channels', 'height', 'width'] as const) {
    if (!isCount(images[side])) return `${side} must be a whole number of at least 1, got ${String(images[side])}`
  }
  const shape = { ...(images as unknown as RawImages), classes: classNames.length }
  return (
    splitProblem('train', train, shape) ??
    (validation === undefined ? null : splitProblem('validation', validation, shape)) ??
    splitProblem('test', test, shape) ??
    scaleProblem(scale, shape.channels)
  )
}

type Shape = Pick<RawImages, 'channels' | 'height' | 'width'> & { readonly classes: number }

function splitProblem(name: string, split: unknown, { channels, height, width, classes }: Shape): string | null {
  if (!isObject(split)) return `${name} must be an object with count, pixels and labels`
  const { count, labels, pixels } = split
  if (!isCount(count)) return `${name}.count must be a whole number of at least 1, got ${String(count)}`
  const bytes = count * channels * height * width
  if (!(pixels instanceof Uint8Array)) return `${name}.pixels must be a Uint8Array`
  if (pixels.length !== bytes) {
    return `${name}.pixels must hold ${count} x ${channels} x ${height} x ${width} = ${bytes} bytes, got ${pixels.length}`
  }
  if (!(labels instanceof Uint8Array || labels instanceof Uint16Array)) {
    return `${name}.labels must be a Uint8Array or Uint16Array`
  }
  if (labels.length !== count) return `${name}.labels must hold ${count} labels, got ${labels.length}`
  const wrong = labels.findIndex((label) => label >= classes)
  return wrong < 0 ? null : `${name}.labels must lie in 0..${classes - 1}, and image ${wrong} has ${labels[wrong]}`
}

function scaleProblem(scale: unknown, channels: number): string | null {
  if (scale === undefined) return null
  const { mean, std } = isObject(scale) ? scale : {}
  const isList = (values: unknown): values is readonly number[] =>
    Array.isArray(values) && values.length === channels && values.every(Number.isFinite)
  if (isList(mean) && isList(std) && std.every((deviation) => deviation > 0)) return null
  return `scale must have a mean, and a std above 0, for each of the ${channels} channels, or be left out`
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 1
}
