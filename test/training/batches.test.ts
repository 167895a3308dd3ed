import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Dataset } from '../../src/datasets/dataset.js'
import { DataError } from '../../src/platform/errors.js'
import { ImageBatches, normalisationTable } from '../../src/training/batches.js'
import { noAugmentation } from '../../src/training/recipe.js'

/** Colour images of 2x3 pixels whose bytes tell image, channel and pixel apart. */
function colourDataset(count: number): Dataset {
  const pixels = Uint8Array.from({ length: count * 18 }, (_, i) => (i * 7) % 256)
  const labels = Uint8Array.from({ length: count }, (_, i) => i)
  const split = { count, pixels, labels }
  const normalisation = { mean: [0.1, 0.2, 0.3], std: [0.5, 0.25, 0.125] }
  const shape = { channels: 3, height: 2, width: 3 }
  const name = 'colours'
  return {
    name,
    classes: count,
    classNames: [],
    ...shape,
    normalisation,
    train: split,
    validation: split,
    test: split,
    fingerprint: name,
  }
}

const labelsOf = (batches: ImageBatches): number[] =>
  Array.from({ length: batches.steps }, (_, step) => [...batches.at(step).labels]).flat()

describe('ImageBatches', () => {
  it('normalises every pixel by its channel', () => {
    const dataset = colourDataset(3)
    const { images } = new ImageBatches(dataset, dataset.train, 3).at(0)
    dataset.train.pixels.forEach((byte, i) => {
      const channel = Math.floor(i / 6) % 3
      const mean = dataset.normalisation.mean[channel] as number
      const std = dataset.normalisation.std[channel] as number
      expect(images[i]).toBeCloseTo((byte / 255 - mean) / std, 6)
    })
  })

  it('keeps the split’s order and the last, partial batch where nothing is shuffled', () => {
    const dataset = colourDataset(10)
    const batches = new ImageBatches(dataset, dataset.train, 4)
    expect([0, 1, 2].map((step) => batches.at(step).count)).toEqual([4, 4, 2])
    expect(labelsOf(batches)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9])
    expect(batches.at(2).images).toHaveLength(2 * 18)
  })

  it('fills one buffer again and again', () => {
    const dataset = colourDataset(9)
    const batches = new ImageBatches(dataset, dataset.train, 4)
    const first = batches.at(0)
    expect(batches.at(1)).toBe(first)
    expect(batches.at(2).images.buffer).toBe(first.images.buffer)
  })

  it('draws the order of the first epoch in every epoch if asked to', () => {
    const dataset = colourDataset(20)
    const shuffle = { dataSeed: ['run', 'data'], augmentation: noAugmentation }
    const orders = [true, false].map((sameOrder) => {
      const batches = new ImageBatches(dataset, dataset.train, 4, { ...shuffle, sameOrder })
      return [0, 1, 2].map((epoch) => {
        batches.begin(epoch)
        return labelsOf(batches)
      })
    }) as [number[][], number[][]]
    expect(orders[0]).toEqual([orders[1][0], orders[1][0], orders[1][0]])
    expect(orders[1][1]).not.toEqual(orders[1][0])
  })

  it('draws each image once an epoch, in an order that is a function of data seed and epoch', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 40 }),
        fc.integer({ min: 1, max: 50 }),
        fc.nat(9),
        (count, batch, epoch) => {
          const dataset = colourDataset(count)
          const shuffle = { dataSeed: ['run', 'data'], augmentation: noAugmentation }
          const batches = new ImageBatches(dataset, dataset.train, batch, shuffle)
          const single = new ImageBatches(dataset, dataset.train, 1, shuffle)
          batches.begin(epoch)
          single.begin(epoch)
          const order = labelsOf(batches)
          expect(order.toSorted((a, b) => a - b)).toEqual([...dataset.train.labels])
          expect(order).toEqual(labelsOf(single))
          expect(Array.from({ length: batches.steps }, (_, step) => [...batches.indices(step)]).flat()).toEqual(order)
        },
      ),
    )
  })

  it('changes the order with the epoch and with the data seed', () => {
    const dataset = colourDataset(50)
    const order = (seed: string, epoch: number): number[] => {
      const batches = new ImageBatches(dataset, dataset.train, 8, { dataSeed: [seed], augmentation: noAugmentation })
      batches.begin(epoch)
      return labelsOf(batches)
    }
    expect(order('a', 0)).not.toEqual(order('a', 1))
    expect(order('a', 0)).not.toEqual(order('b', 0))
    expect(order('a', 3)).toEqual(order('a', 3))
  })

  it('takes no empty split', () => {
    const dataset = colourDataset(0)
    expect(() => new ImageBatches(dataset, dataset.train, 4)).toThrow(DataError)
  })
})

describe('normalisationTable', () => {
  it('maps 0 and 255 to the ends', () => {
    const table = normalisationTable({ mean: [0.5, 0.25], std: [0.5, 0.25] })
    expect([table[0], table[255], table[256], table[511]]).toEqual([-1, 1, -1, 3])
  })
})
