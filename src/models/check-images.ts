import { ConfigError } from '../platform/errors.js'

/** @throws ConfigError if these are not bytes. */
export function checkBytes(pixels: unknown): void {
  if (pixels instanceof Uint8Array || pixels instanceof Uint8ClampedArray) return
  throw new ConfigError(`pixels must be bytes (Uint8Array), got ${kindOf(pixels)}. Give each value as a byte 0..255.`)
}

/** @throws ConfigError if it is not an object. */
export function checkLabelled(images: unknown): void {
  if (typeof images === 'object' && images !== null) return
  throw new ConfigError(`evaluate needs { pixels, labels }, got ${kindOf(images)}.`)
}

/**
 * A list of numbers will do, too.
 *
 * @throws ConfigError if there is not one label for each image, below the number of classes.
 */
export function checkLabels(labels: unknown, images: number, classes: number): void {
  if (!Array.isArray(labels) && !(ArrayBuffer.isView(labels) && 'length' in labels)) {
    throw new ConfigError(`labels must be a Uint8Array or Uint16Array, got ${kindOf(labels)}.`)
  }
  const values = Array.from(labels as ArrayLike<unknown>)
  if (values.length !== images) {
    throw new ConfigError(`There are ${values.length} labels for ${images} images. Give one label for each image.`)
  }
  const at = values.findIndex((label) => !(Number.isInteger(label) && Number(label) >= 0 && Number(label) < classes))
  if (at < 0) return
  throw new ConfigError(`Label ${at} is ${String(values[at])}; labels are whole numbers from 0 to ${classes - 1}.`)
}

function kindOf(value: unknown): string {
  if (typeof value !== 'object' || value === null) return String(value)
  return value.constructor?.name ?? 'an object'
}
