import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { classCounts } from '../../datasets/class-balance.js'
import { type Dataset, labelBytes, type Split, type SplitName } from '../../datasets/dataset.js'
import type { DatasetRequest } from '../../datasets/dataset-request.js'
import { loadDataset } from '../../datasets/load-dataset.js'
import type { RawImages } from '../../datasets/raw-images.js'
import { rawImagesLoader } from '../../datasets/registry.js'

export interface DatasetConformanceOptions {
  /** A request for different content (for example a copy with one changed pixel), which must change the fingerprint. */
  readonly changed?: Omit<DatasetRequest, 'train' | 'validation' | 'test' | 'seed'>
}

const splitNames: readonly SplitName[] = ['train', 'validation', 'test']

/**
 * Declares the conformance tests of a data set:
 *
 * ```ts
 * describeDataset({ name: 'mine', path: 'data/mine', size: null })
 * ```
 */
export function describeDataset(
  request: Omit<DatasetRequest, 'train' | 'validation' | 'test' | 'seed'>,
  { changed }: DatasetConformanceOptions = {},
): void {
  const { name } = request
  const readRaw = async (): Promise<RawImages> =>
    rawImagesLoader(request)({ ...request, settings: request.settings ?? {}, train: 0, test: 0 }, {})
  /** All images, with one validation image per class. */
  const load = async (changes: Partial<DatasetRequest> = {}): Promise<Dataset> => {
    const classes = (await readRaw()).classNames.length
    return loadDataset({ train: 0, validation: classes, test: 0, seed: 1, ...request, ...changes })
  }

  describe(`data set ${name}`, () => {
    it('has images of one shape, and a label in range for each', async () => {
      const { classNames, channels, height, width, train, test } = await readRaw()
      expect(classNames.length).toBeGreaterThan(1)
      expect(new Set(classNames).size).toBe(classNames.length)
      expect(classNames.every((text) => text.trim() !== '')).toBe(true)
      for (const side of [channels, height, width]) expect(Number.isInteger(side) && side > 0).toBe(true)
      for (const { count, pixels, labels } of [train, test]) {
        expect(count).toBeGreaterThan(0)
        expect(pixels).toBeInstanceOf(Uint8Array)
        expect(pixels.length).toBe(count * channels * height * width)
        expect(labels.length).toBe(count)
        expect(Math.max(...new Set(labels))).toBeLessThan(classNames.length)
      }
    })

    it('has images of every class, for training and for the test', async () => {
      const { classNames, train, test } = await readRaw()
      for (const split of [train, test]) {
        expect(classCounts(split, classNames.length).every((count) => count > 0)).toBe(true)
      }
    })

    it('uses the range of bytes: images are neither all black nor one colour', async () => {
      const { train } = await readRaw()
      const values = new Set(train.pixels)
      expect(values.size).toBeGreaterThan(2)
      expect(Math.max(...values)).toBeGreaterThan(16)
    })

    it('is the same every time, and the fingerprint says so', async () => {
      const [a, b] = [await load(), await load()]
      expect(b.fingerprint).toBe(a.fingerprint)
      for (const split of splitNames) {
        expect(Buffer.compare(a[split].pixels, b[split].pixels)).toBe(0)
        expect(Buffer.compare(labelBytes(a[split].labels), labelBytes(b[split].labels))).toBe(0)
      }
    })

    it('is dealt into splits that are balanced and have no image in common', async () => {
      const raw = await readRaw()
      const classes = raw.classNames.length
      const perClass = Math.min(...classCounts(raw.train, classes))
      // Half of the maximum with equal numbers per class; a class needs one image in each part.
      const half = classes * Math.max(1, Math.floor(perClass / 2))
      const { train, validation, test } = await load({
        train: Math.min(half, classes * perClass - classes),
        validation: classes,
        test: classes,
      })
      for (const split of [train, validation, test]) {
        const counts = classCounts(split, classes)
        expect(Math.max(...counts) - Math.min(...counts)).toBeLessThanOrEqual(1)
      }
      expect(occurrences(raw.train, [train, validation])).toEqual([])
      expect(occurrences(raw.test, [test])).toEqual([])
    })

    it('gives other training images for another seed, and the same test images', async () => {
      const [a, b] = [await load({ seed: 1 }), await load({ seed: 2 })]
      expect(b.fingerprint).not.toBe(a.fingerprint)
      expect(Buffer.compare(a.test.pixels, b.test.pixels)).toBe(0)
    })

    it('lies in memory that threads share, and survives their messages', async () => {
      const dataset = await load()
      const clone = structuredClone(dataset)
      for (const split of splitNames) {
        expect(dataset[split].pixels.buffer).toBeInstanceOf(SharedArrayBuffer)
        expect(clone[split].pixels.buffer).toBeInstanceOf(SharedArrayBuffer)
      }
      expect(clone.fingerprint).toBe(dataset.fingerprint)
    })

    it('can be resampled, and normalised by finite numbers', async () => {
      const { height, width, channels, train, normalisation, fingerprint } = await load({ size: 12 })
      expect([height, width, train.pixels.length]).toEqual([12, 12, train.count * channels * 144])
      expect(normalisation.mean).toHaveLength(channels)
      expect(normalisation.mean.every(Number.isFinite)).toBe(true)
      expect(normalisation.std.every((std) => std > 0 && Number.isFinite(std))).toBe(true)
      expect((await load({ size: 12, normalise: false })).fingerprint).not.toBe(fingerprint)
    })

    if (changed !== undefined) {
      it('has another fingerprint when its content is another', async () => {
        expect((await load(changed)).fingerprint).not.toBe((await load()).fingerprint)
      })
    }
  })
}

/** Images, with labels, that occur more often in the parts than in the whole. */
function occurrences(whole: Split, parts: readonly Split[]): readonly string[] {
  const left = new Map<string, number>()
  for (const image of imagesOf(whole)) left.set(image, (left.get(image) ?? 0) + 1)
  for (const image of parts.flatMap(imagesOf)) left.set(image, (left.get(image) ?? 0) - 1)
  return [...left].filter(([, count]) => count < 0).map(([image]) => image)
}

function imagesOf({ count, pixels, labels }: Split): readonly string[] {
  const length = pixels.length / count
  return Array.from({ length: count }, (_, i) => `${labels[i]} ${sha1(pixels.subarray(i * length, (i + 1) * length))}`)
}

const sha1 = (bytes: Uint8Array): string => createHash('sha1').update(bytes).digest('base64')
