import { availableParallelism } from 'node:os'
import { inParallel } from '../../platform/in-parallel.js'
import type { ReadingOptions } from '../dataset.js'
import type { FileSource } from '../file-tree/file-tree.js'
import { mostImagePixels } from '../limits.js'
import type { LoadHooks } from '../raw-images.js'
import { requireMemory } from '../require-memory.js'
import { decodeFitted } from './decode/decode-image.js'
import type { DecodedImage, ImageHeader } from './decode/decoded-image.js'
import type { DecodedStore } from './decoded-store.js'
import { BrokenImages, readFileHeader } from './image-headers.js'
import { checkDecodedBytes, commonShape, type Shape } from './image-shapes.js'

/** An image file, and the key under which its pixels are kept. */
export interface KeyedFile {
  readonly file: string
  readonly key: string
  readonly bytes: number
}

/** What to decode, and what is known. */
export interface DecodingJob {
  /** The folder or archive, for messages. */
  readonly root: string
  readonly source: FileSource
  readonly files: readonly KeyedFile[]
  /** Images that were decoded before. */
  readonly known: DecodedStore | null
  /** Called with what has been decoded when some images cannot be. */
  readonly keep: (store: DecodedStore) => void
}

/**
 * Decodes images, each resampled to `size` if one is given, several at a time. All headers are read first, so that an
 * image of another kind or size is reported within seconds.
 *
 * @returns the images in the order of `files`
 * @throws DataError with all broken images counted and the first few named.
 * @throws ConfigError if images differ in size or kind and no setting says how to convert them.
 */
export async function decodeAll(
  { root, source, files, known, keep }: DecodingJob,
  { size = null, channels }: ReadingOptions,
  { onProgress }: LoadHooks,
): Promise<DecodedStore> {
  const positions = new Map(known?.keys.map((key, i) => [key, i]))
  const missing = [...files.entries()].filter(([, { key }]) => !positions.has(key))
  const broken = new BrokenImages(root)
  const headers = await readHeaders(
    source,
    missing.map(([, { file }]) => file),
    broken,
    (done) => onProgress?.(done, `reading the headers of ${missing.length} images in ${root}`),
  )
  broken.check(files.length)
  if (known !== null) {
    const header = { ...known.shape, isTurned: false }
    for (const { file, key } of files) if (positions.has(key)) headers.set(file, header)
  }
  const shape = commonShape(root, headers, { size, channels })
  requireMemory(root, { images: files.length, ...shape })
  checkDecodedBytes(
    root,
    files.length,
    shape,
    files.reduce((sum, { bytes }) => sum + bytes, 0),
  )
  const store = new Collection(files, shape)
  for (const [i, { key }] of files.entries()) {
    const from = positions.get(key)
    if (known !== null && from !== undefined) store.copy(i, known, from)
  }
  let done = 0
  const pixelsOf = ([, { file }]: (typeof missing)[number]): number => {
    const { height = 0, width = 0 } = headers.get(file) ?? {}
    return height * width
  }
  // sharp decodes in threads of its own; one image more keeps all of them at work while this thread resamples another.
  const limits = { most: availableParallelism() + 1, weightOf: pixelsOf, mostWeight: mostImagePixels }
  await inParallel(missing, limits, async ([place, { file }]) => {
    onProgress?.(done++ / missing.length, `decoding ${root}, once`)
    try {
      const header = headers.get(file)
      const image = await decodeFitted(await source.read(file), { size, channels }, header)
      store.set(place, image, header?.isTurned ?? false)
    } catch (error) {
      broken.add(file, error)
    }
  })
  if (broken.count > 0) keep(store.kept())
  broken.check(files.length)
  onProgress?.(1, `${files.length} images of ${root} decoded`)
  return store.kept()
}

async function readHeaders(
  source: FileSource,
  files: readonly string[],
  broken: BrokenImages,
  onProgress: (done: number) => void,
): Promise<Map<string, ImageHeader>> {
  const headers = new Map<string, ImageHeader>()
  let done = 0
  await inParallel(files, { most: availableParallelism(), weightOf: () => 1, mostWeight: Infinity }, async (file) => {
    // Headers of a few hundred images take no time worth a line.
    if (done++ % 1000 === 999) onProgress(done / files.length)
    try {
      headers.set(file, await readFileHeader(source, file))
    } catch (error) {
      broken.add(file, error)
    }
  })
  return headers
}

/** Pixels of images as they come. */
class Collection {
  readonly #files: readonly KeyedFile[]
  readonly #shape: Shape
  readonly #length: number
  readonly #pixels: Uint8Array
  readonly #isTurned: Uint8Array
  readonly #isThere: Uint8Array

  constructor(files: readonly KeyedFile[], shape: Shape) {
    this.#files = files
    this.#shape = shape
    this.#length = shape.channels * shape.height * shape.width
    this.#pixels = new Uint8Array(files.length * this.#length)
    this.#isTurned = new Uint8Array(files.length)
    this.#isThere = new Uint8Array(files.length)
  }

  copy(to: number, { isTurned, pixels }: DecodedStore, from: number): void {
    this.#put(to, pixels.subarray(from * this.#length, (from + 1) * this.#length), (isTurned[from] ?? 0) > 0)
  }

  set(to: number, { channels, height, width, pixels }: DecodedImage, isTurned: boolean): void {
    const { channels: c, height: h, width: w } = this.#shape
    if (channels !== c || height !== h || width !== w) {
      throw new Error(`it has ${width}x${height} pixels and ${channels} channels, and its header says otherwise`)
    }
    this.#put(to, pixels, isTurned)
  }

  #put(to: number, pixels: Uint8Array, isTurned: boolean): void {
    this.#pixels.set(pixels, to * this.#length)
    this.#isTurned[to] = isTurned ? 1 : 0
    this.#isThere[to] = 1
  }

  /** The images that are there, in order. */
  kept(): DecodedStore {
    const shape = this.#shape
    if (this.#isThere.every((flag) => flag === 1)) {
      return { shape, keys: this.#files.map(({ key }) => key), isTurned: this.#isTurned, pixels: this.#pixels }
    }
    const there = [...this.#files.keys()].filter((i) => this.#isThere[i] === 1)
    const pixels = new Uint8Array(there.length * this.#length)
    for (const [to, from] of there.entries()) {
      pixels.set(this.#pixels.subarray(from * this.#length, (from + 1) * this.#length), to * this.#length)
    }
    return {
      shape,
      keys: there.map((i) => this.#files[i]?.key ?? ''),
      isTurned: Uint8Array.from(there, (i) => this.#isTurned[i] as number),
      pixels,
    }
  }
}
