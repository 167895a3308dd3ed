import { readFileSync } from 'node:fs'
import path from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { loadDataset } from '../../src/datasets/load-dataset.js'
import type { NetworkMetrics } from '../../src/results/network-metrics.js'
import { exportNetwork } from '../../src/runs/export-network.js'
import { loadNetwork } from '../../src/runs/load-network.js'
import { predictImages } from '../../src/runs/predict-images.js'
import { search } from '../../src/runs/search.js'
import { train } from '../../src/runs/train.js'
import { classFolders, writeFiles } from '../support/made-folders.js'
import { temporaryFolder } from '../support/temporary-folder.js'

const folder = temporaryFolder('many-classes-run')
process.env.FEAR_NAS_CACHE = path.join(folder, 'cache')
const photos = path.join(folder, 'photos')
const classNames = Array.from({ length: 300 }, (_, i) => `n${String(i).padStart(4, '0')}`)
const settings = {
  data: { name: 'folders', path: photos, validation: 300 },
  space: { channels: 4, cells: 1 },
  training: { epochs: 2, batch: 100 },
  seed: 3,
} as const

beforeAll(() => {
  writeFiles(photos, classFolders(classNames, 3, 4))
})

describe('300 classes', () => {
  it('are searched, and the best network is exported and predicts', async () => {
    const run = path.join(folder, 'search')
    const { best } = await search(
      {
        ...settings,
        evaluator: { name: 'fear', threshold: 0.01, maxEpochs: 2, stage2: { epochs: 1, batch: 100 } },
        budget: { trials: 2 },
        finalists: 1,
        workers: 1,
        isolation: 'none',
      },
      { directory: run },
    )
    const { test } = await loadDataset({ train: 0, test: 0, size: null, ...settings.data, seed: settings.seed })
    const model = await loadNetwork(path.join(run, 'best-fear.bin'))
    expect(model.classNames).toEqual(classNames)
    expect(model.logits(test.pixels)).toHaveLength(300 * 300)
    expect(model.evaluate(test)).toBe(best.testAccuracy)
    model.dispose()

    const { check } = await exportNetwork(run, { format: 'json', directory: path.join(folder, 'exported') })
    expect(check).toMatchObject({ images: 600, equalPredictions: 600 })
    expect(check.rightAnswers?.exported).toBe(check.rightAnswers?.original)

    const { images, labelled } = await predictImages(
      run,
      classNames.slice(250).map((name) => path.join(photos, name)),
    )
    expect(images).toHaveLength(150)
    for (const { probabilities, trueClass, image } of images) {
      expect(probabilities).toHaveLength(300)
      expect(trueClass).toBe(path.basename(path.dirname(image)))
    }
    expect(labelled?.images).toBe(150)
  })

  it('are trained to the same network with threads and with processes, and measured', async () => {
    const architecture = '|nor_conv_3x3~0|+|none~0|skip_connect~1|+|none~0|none~1|skip_connect~2|'
    const [thread = '', process = ''] = ['thread', 'process'].map((name) => path.join(folder, name))
    const { testAccuracy } = await train({ ...settings, architecture, isolation: 'thread' }, { directory: thread })
    await train({ ...settings, architecture, isolation: 'process' }, { directory: process })
    const [network, other] = [thread, process].map((directory) => readFileSync(path.join(directory, 'network.bin')))
    expect(other?.equals(network as Buffer)).toBe(true)
    const text = readFileSync(path.join(thread, 'metrics.json'), 'utf8')
    const { accuracyByClass, confusion, testImages } = JSON.parse(text) as NetworkMetrics
    expect(testImages).toBe(300)
    expect(confusion.map((row) => Object.values(row))).toEqual(new Array(300).fill([1]))
    const right = accuracyByClass.reduce((sum: number, accuracy) => sum + (accuracy ?? 0), 0)
    expect(right / 300).toBeCloseTo(testAccuracy, 10)
  })
})
