import { ConfigError, DataError } from '../../platform/errors.js'
import { messageOf } from '../../platform/message-of.js'
import { FileKindError, readPlainFile } from '../../platform/plain-file.js'
import type { ReadingOptions, Split } from '../dataset.js'
import { freeUnpackedBytes, mostDatasetBytes, mostDecodedRatio, mostImageFileBytes } from '../limits.js'
import type { LoadHooks, RawImages } from '../raw-images.js'
import { requireMemory } from '../require-memory.js'
import { resampleImages } from '../resample.js'
import { decodeImage, withChannels } from './decode-image.js'
import type { DecodedImage } from './decoded-image.js'
import type { ImageFile, ListedImages } from './list-images.js'

type Shape = Pick<DecodedImage, 'channels' | 'height' | 'width'>

/** Maximum number of broken images to name. */
const mostNamed = 5

/**
 * Decodes all images, each resampled to `size` if one is given.
 *
 * @throws DataError with all broken images counted and the first few named.
 * @throws ConfigError if images differ in size or kind and no setting says how to convert them.
 */
export async function decodeAll(
  root: string,
  { classNames, train, validation, test }: ListedImages,
  { size = null, channels }: ReadingOptions,
  { onProgress }: LoadHooks,
): Promise<RawImages> {
  const all = [...train, ...validation, ...test]
  const broken: string[] = []
  const seen = new SeenShapes()
  const cost = new DecodingCost(root)
  let store: { readonly shape: Shape; readonly pixels: Uint8Array } | null = null
  for (const [i, { file }] of all.entries()) {
    onProgress?.(i / all.length, `decoding ${root}, once`)
    const decoded = await decode(file, broken)
    if (decoded === null) continue
    const { image, fileBytes } = decoded
    seen.add(image)
    if (size !== null) cost.checkTotal(all.length, channels ?? image.channels, size, size)
    const fitted = resized(channels === undefined ? image : withChannels(image, channels), size)
    const { channels: kept, height, width } = fitted
    if (size === null) cost.checkTotal(all.length, kept, height, width)
    cost.add(fileBytes, fitted.pixels.length)
    if (store === null) requireMemory(root, { images: all.length, channels: kept, height, width })
    store ??= { shape: { channels: kept, height, width }, pixels: new Uint8Array(all.length * fitted.pixels.length) }
    // Images of another shape are only counted, since they lead to an error.
    if (sameShape(store.shape, fitted)) store.pixels.set(fitted.pixels, i * fitted.pixels.length)
  }
  if (broken.length > 0) throw brokenError(root, broken, all.length)
  if (store === null) throw new DataError(`${root}: it holds no images. Give folders of PNG or JPEG images.`)
  if (size === null) seen.requireOneSize(root)
  if (channels === undefined) seen.requireOneKind(root)
  onProgress?.(1, `${all.length} images of ${root} decoded`)
  const { shape, pixels } = store
  const length = pixels.length / all.length
  let taken = 0
  const take = (images: number): Uint8Array => {
    taken += images
    return pixels.subarray((taken - images) * length, taken * length)
  }
  return {
    classNames,
    ...shape,
    train: splitOf(train, take(train.length)),
    ...(validation.length > 0 && { validation: splitOf(validation, take(validation.length)) }),
    test: splitOf(test, take(test.length)),
  }
}

async function decode(file: string, broken: string[]) {
  try {
    const bytes = readPlainFile(file, { mostBytes: mostImageFileBytes })
    return { image: await decodeImage(bytes), fileBytes: bytes.length }
  } catch (error) {
    const reason = messageOf(error)
    // Errors of the file already have its name.
    broken.push(error instanceof FileKindError ? reason : `${file}: ${reason}`)
    return null
  }
}

function resized(image: DecodedImage, size: number | null): DecodedImage {
  const { channels, height, width, pixels } = image
  if (size === null || (height === size && width === size)) return image
  const out = new Uint8Array(channels * size * size)
  resampleImages(pixels, height, width, size, out)
  return { channels, height: size, width: size, pixels: out }
}

function splitOf(files: readonly ImageFile[], pixels: Uint8Array): Split {
  return { count: files.length, pixels, labels: Uint8Array.from(files, ({ label }) => label) }
}

function sameShape(a: Shape, b: Shape): boolean {
  return a.channels === b.channels && a.height === b.height && a.width === b.width
}

function brokenError(root: string, broken: readonly string[], images: number): DataError {
  const more = broken.length > mostNamed ? [`and ${broken.length - mostNamed} more`] : []
  return new DataError(
    [
      `${root}: ${broken.length} of ${images} images cannot be read. Repair, convert or remove them.`,
      ...[...broken.slice(0, mostNamed), ...more].map((line) => `  ${line}`),
    ].join('\n'),
  )
}

/** The size of the decoded images, compared with that of their files. */
class DecodingCost {
  readonly #root: string
  #fileBytes = 0
  #decodedBytes = 0

  constructor(root: string) {
    this.#root = root
  }

  /** Checked before memory is allocated for all images, assuming all are as large as the first. */
  checkTotal(images: number, channels: number, height: number, width: number): void {
    const bytes = images * channels * height * width
    if (bytes <= mostDatasetBytes) return
    throw new ConfigError(
      `${this.#root}: its ${images} images of ${width}x${height} pixels take ${bytes} bytes, and at most ` +
        `${mostDatasetBytes} are kept. Set data.size to a smaller number, such as 64.`,
    )
  }

  /** Images of a single colour compress to almost nothing: a folder of few bytes could fill the memory. */
  add(fileBytes: number, decodedBytes: number): void {
    this.#fileBytes += fileBytes
    this.#decodedBytes += decodedBytes
    if (this.#decodedBytes <= Math.max(freeUnpackedBytes, mostDecodedRatio * this.#fileBytes)) return
    throw new ConfigError(
      `${this.#root}: ${this.#fileBytes} bytes of its images decode to ${this.#decodedBytes}, and at most ` +
        `${freeUnpackedBytes} are kept, or ${mostDecodedRatio} times their files. Set data.size, to which all are resized.`,
    )
  }
}

/** Sizes and kinds of the images so far. */
class SeenShapes {
  readonly #sizes = new Map<string, number>()
  readonly #kinds = { 1: 0, 3: 0 }
  #smallest = Infinity

  add({ channels, height, width }: Shape): void {
    const size = `${width}x${height}`
    this.#sizes.set(size, (this.#sizes.get(size) ?? 0) + 1)
    this.#kinds[channels]++
    this.#smallest = Math.min(this.#smallest, height, width)
  }

  requireOneSize(root: string): void {
    if (this.#sizes.size <= 1) return
    const common = [...this.#sizes].sort(([, a], [, b]) => b - a).slice(0, 3)
    const shown = common.map(([size, count]) => `${count} of ${size}`).join(', ')
    const proposal = Math.max(4, Math.min(64, 4 * Math.floor(this.#smallest / 4)))
    throw new ConfigError(
      `${root}: its images have ${this.#sizes.size} sizes (${shown}). Set data.size, such as ${proposal}, to which all are resized.`,
    )
  }

  requireOneKind(root: string): void {
    if (this.#kinds[1] === 0 || this.#kinds[3] === 0) return
    throw new ConfigError(
      `${root}: ${this.#kinds[1]} of its images are grey and ${this.#kinds[3]} colour. Set data.channels to 1 or 3.`,
    )
  }
}
