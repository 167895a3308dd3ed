import { cpSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { loadDataset } from '../../src/datasets/load-dataset.js'
import { decodeNetwork, encodeNetwork } from '../../src/models/network-file.js'
import { ConfigError, NetworkFileError, RunDirectoryError } from '../../src/platform/errors.js'
import { exportNetwork } from '../../src/runs/export-network.js'
import type { RunInput } from '../../src/runs/run-options.js'
import { search } from '../../src/runs/search.js'
import { train } from '../../src/runs/train.js'
import { temporaryFolder } from '../support/temporary-folder.js'

const config = {
  data: { name: 'fashion-mnist', train: 200, validation: 60, test: 100, size: 8 },
  space: { channels: 4, cells: 1 },
  training: { epochs: 2, batch: 32 },
  evaluator: { name: 'short-training', epochs: 1, batch: 32 },
  budget: { trials: 2 },
  finalists: 1,
  workers: 1,
  isolation: 'none',
  seed: 3,
} as const satisfies RunInput

const folder = temporaryFolder('export-network')
const run = path.join(folder, 'mine')
const file = path.join(run, 'best-short-training.bin')
let testAccuracy: number | null

beforeAll(async () => {
  testAccuracy = (await search(config, { directory: run })).best.testAccuracy
}, 120_000)

/** A copy of the run, without some of its files. */
function copyWithout(...names: readonly string[]): string {
  const copy = path.join(temporaryFolder('export-copy'), 'copy')
  cpSync(run, copy, {
    recursive: true,
    filter: (name) => !name.endsWith('-onnx') && !names.includes(path.basename(name)),
  })
  return copy
}

describe('exporting the network of a run', () => {
  it('checks it on all test and validation images, and writes it beside the network', async () => {
    const progress: number[] = []
    const exported = await exportNetwork(run, { format: 'onnx', onProgress: (share) => progress.push(share) })
    expect(exported).toMatchObject({
      format: 'onnx',
      network: file,
      directory: path.join(run, 'best-short-training-onnx'),
      check: {
        images: 160,
        equalPredictions: 160,
        description: 'all 100 test images and all 60 validation images of fashion-mnist',
      },
    })
    expect(progress.at(-1)).toBe(1)
    const { rightAnswers } = exported.check
    expect(rightAnswers?.exported).toBe(rightAnswers?.original)
    const { validationAccuracy } = decodeNetwork(readFileSync(file))
    expect(rightAnswers?.original).toBe(
      Math.round(100 * (testAccuracy ?? Number.NaN) + 60 * (validationAccuracy ?? Number.NaN)),
    )
    const readme = readFileSync(path.join(exported.directory, 'README.md'), 'utf8')
    const { fingerprint } = await loadDataset({ ...config.data, seed: config.seed })
    for (const fact of ['| run | `mine` |', '| seed | `3` |', `| test accuracy | \`${testAccuracy}\` |`, fingerprint]) {
      expect(readme).toContain(fact)
    }
  })

  it('takes a network file, a number of images and a folder', async () => {
    const directory = path.join(temporaryFolder('export-out'), 'out')
    const { check } = await exportNetwork(file, { format: 'onnx', directory, images: 130, licence: 'CC0-1.0' })
    expect(check.description).toBe('all 100 test images and the first 30 validation images of fashion-mnist')
    expect(readFileSync(path.join(directory, 'README.md'), 'utf8')).toContain('| licence | `CC0-1.0` |')
  })

  it('of train, which has no arms', async () => {
    const directory = path.join(temporaryFolder('export-train'), 'trained')
    const architecture = '|nor_conv_3x3~0|+|none~0|skip_connect~1|+|none~0|none~1|skip_connect~2|'
    const { data, seed, space, training } = config
    const trained = await train({ architecture, data, seed, space, training }, { directory })
    const exported = await exportNetwork(directory, { format: 'onnx' })
    expect(exported).toMatchObject({ architecture, directory: path.join(directory, 'network-onnx') })
    const readme = readFileSync(path.join(exported.directory, 'README.md'), 'utf8')
    expect(readme).toContain(`| test accuracy | \`${trained.testAccuracy}\` |`)
  })
})

describe('without the images of the run', () => {
  it.each([
    ['no configuration', () => copyWithout('config.yaml'), 'there is no '],
    [
      'a data set that is gone',
      () => {
        const copy = copyWithout()
        const config = path.join(copy, 'config.yaml')
        const text = readFileSync(config, 'utf8').replace(
          'name: fashion-mnist',
          'name: folders\n  path: /no/such/folder',
        )
        writeFileSync(config, text)
        return copy
      },
      '/no/such/folder',
    ],
    [
      'other images than those of the run',
      () => {
        const copy = copyWithout()
        const config = path.join(copy, 'config.yaml')
        writeFileSync(config, readFileSync(config, 'utf8').replace('train: 200', 'train: 210'))
        return copy
      },
      'the images of fashion-mnist are not those of the run any more',
    ],
    [
      'a module, whose code is not run',
      () => {
        const copy = copyWithout()
        const config = path.join(copy, 'config.yaml')
        const text = readFileSync(config, 'utf8').replace('name: fashion-mnist', 'name: module\n  module: ./theirs.mjs')
        writeFileSync(config, text)
        return copy
      },
      'those of the run come from code of its own',
    ],
  ])('checks on generated ones, and says why: %s', async (_, make, reason) => {
    const { check } = await exportNetwork(make(), { format: 'onnx', images: 20 })
    expect(check).toMatchObject({ images: 20, equalPredictions: 20, rightAnswers: null })
    expect(check.description).toMatch(/^20 generated images \(/)
    expect(check.description).toContain(reason)
  })

  it('knows of a network alone only what its file says', async () => {
    const copy = copyWithout('config.yaml', 'summary.json', 'journal.jsonl')
    const { directory } = await exportNetwork(copy, { format: 'onnx', images: 1 })
    const readme = readFileSync(path.join(directory, 'README.md'), 'utf8')
    expect(readme).toContain('| architecture |')
    expect(readme).toContain('| validation accuracy |')
    for (const fact of ['| run |', '| seed |', '| test accuracy |', '| dataset |']) expect(readme).not.toContain(fact)
  })
})

describe('of several arms', () => {
  it('takes the network with the highest validation accuracy, or that of the arm named', async () => {
    const copy = copyWithout()
    const { surroundings, weights, ...facts } = decodeNetwork(readFileSync(file))
    const better = encodeNetwork({ ...facts, validationAccuracy: 1 }, surroundings as never, weights)
    writeFileSync(path.join(copy, 'best-zz.bin'), better)
    const { network } = await exportNetwork(copy, { format: 'onnx', images: 1 })
    expect(network).toBe(path.join(copy, 'best-zz.bin'))
    const named = await exportNetwork(copy, { format: 'onnx', images: 1, arm: 'short-training' })
    expect(named.network).toBe(path.join(copy, 'best-short-training.bin'))
    const unknown = exportNetwork(copy, { format: 'onnx', arm: 'fear' })
    await expect(unknown).rejects.toThrow('no network of an arm "fear". Arms with one: short-training, zz.')
  })
})

describe('what is wrong is said before any work', () => {
  const wrong = (from: string, options: object) => exportNetwork(from, { format: 'onnx', ...options } as never)

  it.each([
    [
      'no such path',
      () => wrong(path.join(folder, 'none'), {}),
      NetworkFileError,
      'does not exist. Name a run directory',
    ],
    ['a folder without networks', () => wrong(folder, {}), RunDirectoryError, 'holds no trained network'],
    ['a file that is none', () => wrong(path.join(run, 'summary.json'), {}), NetworkFileError, 'is not a network file'],
    ['another format', () => wrong(run, { format: 'tflite' }), ConfigError, 'There is no export format "tflite"'],
    [
      'no format',
      () => wrong(run, { format: undefined }),
      ConfigError,
      'The option format must be text, got undefined',
    ],
    ['no images', () => wrong(run, { images: 0 }), ConfigError, 'The option images must be a whole number'],
    [
      'an unknown option',
      () => wrong(run, { fromat: 'onnx' }),
      ConfigError,
      'fromat is not an option. Did you mean format?',
    ],
    ['an arm of a file', () => wrong(file, { arm: 'fear' }), ConfigError, 'is a file, so there is no arm'],
    ['a folder with files', () => wrong(run, { directory: run }), RunDirectoryError, 'already holds files'],
  ])('%s', async (_, act, kind, message) => {
    const failing = act()
    await expect(failing).rejects.toThrow(kind)
    await expect(failing).rejects.toThrow(message)
  })

  it('replaces an export if it is told to', async () => {
    const copy = copyWithout()
    const options = { format: 'onnx', images: 1 } as const
    const { directory } = await exportNetwork(copy, options)
    rmSync(path.join(directory, 'model.onnx'))
    await expect(exportNetwork(copy, options)).rejects.toThrow(RunDirectoryError)
    await exportNetwork(copy, { ...options, replace: true })
    expect(readdirSync(directory).toSorted()).toEqual(['README.md', 'model.onnx'])
  })
})
