import { writeFileSync } from 'node:fs'
import path from 'node:path'
import { zipSync } from 'fflate'
import { describe, expect, it } from 'vitest'
import { tinyFear, tinySetup, tinyTask } from '../../src/conformance/executor/tiny-setup.js'
import type { Dataset } from '../../src/datasets/dataset.js'
import type { DatasetRequest } from '../../src/datasets/dataset-request.js'
import { loadDataset } from '../../src/datasets/load-dataset.js'
import type { Outcome } from '../../src/evaluators/outcome.js'
import type { WorkerSetup } from '../../src/execution/executor.js'
import { createInProcessExecutor } from '../../src/execution/in-process.js'
import { createPiscinaExecutor } from '../../src/execution/piscina-pool.js'
import { bytesNpy, stripedImages } from '../support/made-arrays.js'
import { classFolders, writeFiles } from '../support/made-folders.js'
import { writeMnist } from '../support/published-idx.js'
import { temporaryFolder } from '../support/temporary-folder.js'

const folder = temporaryFolder('own-data')
process.env.FEAR_NAS_CACHE = path.join(folder, 'cache')

/** Colour, and not square: an axis that augmentation mistakes would read beyond an image. */
function colourArrays(): string {
  const file = path.join(folder, 'colour.npz')
  const { pixels, labels } = stripedImages(90, 3, 3, 16, 8)
  writeFileSync(file, zipSync({ 'images.npy': bytesNpy(pixels, 90, 3, 16, 8), 'labels.npy': bytesNpy(labels, 90) }))
  return file
}

const sources: readonly Pick<DatasetRequest, 'name' | 'path' | 'size' | 'channels'>[] = [
  { name: 'arrays', path: colourArrays(), size: null },
  {
    name: 'folders',
    path: writeFiles(path.join(folder, 'pictures'), classFolders(['a', 'b'], 30)),
    size: 12,
    channels: 3,
  },
  { name: 'mnist', path: writeMnist(path.join(folder, 'mnist')), size: null },
]

async function setupFor(dataset: Dataset, isAugmented: boolean): Promise<WorkerSetup> {
  const setup = await tinySetup()
  const { channels, height, width, classes } = dataset
  return {
    ...setup,
    dataset,
    space: { ...setup.space, macro: { channels: 4, cells: 1, input: { channels, height, width }, classes } },
    recipe: {
      ...setup.recipe,
      batch: 16,
      augmentation: isAugmented ? { flip: true, crop: 2, cutout: 4 } : setup.recipe.augmentation,
    },
  }
}

/** What is left of an outcome when the seconds are taken out, which differ from run to run. */
const result = (outcome: Outcome): unknown =>
  JSON.parse(JSON.stringify(outcome, (key, value: unknown) => (/seconds$/i.test(key) ? undefined : value)))

describe.each(sources)('training with flip, crop and cutout on $name', (source) => {
  it('gives the same on one worker and on two, and another thing than without', async () => {
    const dataset = await loadDataset({ train: 0, validation: 10, test: 0, seed: 1, ...source })
    const evaluator = {
      ...tinyFear,
      threshold: 0.2,
      stage1: { ...tinyFear.stage1, batch: 16 },
      stage2: { ...tinyFear.stage2, cacheFeatures: false },
    }
    const tasks = [0, 1, 2].map((index) => tinyTask(index, { evaluator }))
    const outcomes = async (workers: 1 | 2, isAugmented: boolean) => {
      const setup = await setupFor(dataset, isAugmented)
      const executor = await (workers === 1
        ? createInProcessExecutor(setup)
        : createPiscinaExecutor(setup, { workers }))
      try {
        return (await Promise.all(tasks.map((task) => executor.evaluate(task)))).map(({ outcome }) => result(outcome))
      } finally {
        await executor.close()
      }
    }
    const alone = await outcomes(1, true)
    expect(alone).toEqual(alone.map(() => expect.objectContaining({ kind: 'scored' })))
    expect(await outcomes(2, true)).toEqual(alone)
    expect(await outcomes(1, false)).not.toEqual(alone)
  })
})
