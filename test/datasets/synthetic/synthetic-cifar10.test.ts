import { readdirSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { classCounts } from '../../../src/datasets/class-balance.js'
import type { Dataset } from '../../../src/datasets/dataset.js'
import { loadDataset } from '../../../src/datasets/load-dataset.js'
import { noiseScale } from '../../../src/datasets/synthetic/noise.js'
import { temporaryFolder } from '../../support/temporary-folder.js'

const request = {
  name: 'synthetic-cifar10',
  train: 10,
  validation: 10,
  test: 10,
  size: null,
  normalise: false,
  seed: 1,
}

describe('synthetic CIFAR-10', () => {
  const folder = temporaryFolder('synthetic')
  const before = process.env.FEAR_NAS_CACHE
  const progress: string[] = []
  let made: Dataset

  beforeAll(async () => {
    process.env.FEAR_NAS_CACHE = folder
    made = await loadDataset(request, { onProgress: (_, message) => progress.push(message) })
  }, 600_000)

  afterAll(() => {
    if (before === undefined) delete process.env.FEAR_NAS_CACHE
    else process.env.FEAR_NAS_CACHE = before
  })

  it('has as many images of each class as are asked for', () => {
    expect([made.channels, made.height, made.width, made.classes]).toEqual([3, 32, 32, 10])
    for (const split of [made.train, made.validation, made.test]) {
      expect(classCounts(split, 10)).toEqual(new Array(10).fill(1))
    }
  })

  it('pins the very images and labels, so that results stay comparable between versions and machines', () => {
    expect(made.fingerprint).toBe('5bbf9c11391ec249')
  })

  it('lets networks see the noise itself where it is not normalised', () => {
    expect(made.normalisation).toEqual(noiseScale)
  })

  it('is made once, and dealt anew for another seed', async () => {
    expect(progress.filter((message) => message.startsWith('generating synthetic-cifar10, once'))).not.toEqual([])
    expect(readdirSync(folder)).toEqual(['synthetic-cifar10-2-1.bin'])
    const again: string[] = []
    const other = await loadDataset({ ...request, seed: 2 }, { onProgress: (_, message) => again.push(message) })
    expect(again).toEqual([])
    expect(other.normalisation).toEqual(noiseScale)
    expect(Buffer.compare(other.test.pixels, made.test.pixels)).toBe(0)
    expect(other.fingerprint).not.toBe(made.fingerprint)
    const { normalisation } = await loadDataset({ ...request, normalise: true })
    // Ten images of noise are enough to see it.
    for (const [channel, deviation] of normalisation.std.entries()) {
      expect(Math.abs(deviation / (noiseScale.std[channel] as number) - 1)).toBeLessThan(0.05)
    }
  })
})
