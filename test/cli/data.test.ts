import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { zipSync } from 'fflate'
import { beforeAll, describe, expect, it } from 'vitest'
import { loadConfig } from '../../src/config/load-config.js'
import { loadDataset } from '../../src/datasets/load-dataset.js'
import { serveFiles } from '../datasets/fetch/file-server.js'
import { bytesNpy, stripedImages } from '../support/made-arrays.js'
import { classFolders, pngFile, writeFiles } from '../support/made-folders.js'
import { temporaryFolder } from '../support/temporary-folder.js'
import { runCli } from './run-cli.js'

const folder = temporaryFolder('cli-data')
const at = (name: string): string => path.join(folder, name)
process.env.FEAR_NAS_CACHE = at('cache')
const check = (...args: readonly string[]) => runCli(['data', 'check', ...args])

const { pixels, labels } = stripedImages(120, 3, 1, 10, 10)

beforeAll(() => {
  writeFileSync(
    at('my.npz'),
    zipSync({ 'images.npy': bytesNpy(pixels, 120, 10, 10), 'labels.npy': bytesNpy(labels, 120) }),
  )
  writeFiles(at('pictures'), { ...classFolders(['cats', 'dogs'], 15), 'cats/large.png': pngFile(16, 16, 1, (i) => i) })
})

/** The YAML that a check ends in, in a configuration. */
function snippetOf(stdout: string): string {
  const yaml = stdout.split('In a configuration:\n')[1] as string
  return `${yaml.trim()}\nspace: { channels: 4, cells: 1 }\nbudget: { trials: 1 }\n`
}

describe('fear-nas data check', () => {
  it('says what a file holds, and what to write, which works', async () => {
    const { exitCode, stdout, stderr } = await check(at('my.npz'))
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: expect.stringContaining('reading') })
    expect(stdout).toContain("an .npz file of NumPy's arrays")
    expect(stdout).toMatch(/images +10x10 \(width x height\), grey/)
    expect(stdout).toMatch(/training +96, 32 per class, pixels 0\.\.216/)
    expect(stdout).toMatch(/test +24, 8 per class/)
    expect(stdout).toMatch(/classes +3: 0, 1, 2/)
    expect(stdout).toContain(
      'note: networks need a height and width that are multiples of 4: set data.size, such as 12',
    )
    const file = at('snippet.yaml')
    writeFileSync(file, snippetOf(stdout))
    const { data, seed } = loadConfig(file)
    expect(data).toMatchObject({ name: 'arrays', path: at('my.npz'), size: 12, validation: 18 })
    const dataset = await loadDataset({ ...data, seed })
    expect([dataset.train.count, dataset.validation.count, dataset.height]).toEqual([78, 18, 12])
    const again = await check(file)
    expect(again.exitCode).toBe(0)
    expect(again.stdout).toContain(
      `in use      78 for training, 18 for validation, 24 for the test (${dataset.fingerprint})`,
    )
  })

  it('prints JSON for programs, and nothing else', async () => {
    const { exitCode, stdout, stderr } = await check(at('pictures'), '--size', '8', '--json')
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' })
    expect(JSON.parse(stdout)).toMatchObject({
      name: 'folders',
      height: 8,
      classNames: ['cats', 'dogs'],
      train: { images: 25, perClass: [13, 12] },
      test: { images: 6 },
      duplicates: { testInTrain: 0 },
      problems: [],
      settings: { name: 'folders', path: at('pictures'), size: 8, validation: 4 },
      taken: null,
    })
  })

  it('fails with exit code 2 where data cannot be used', async () => {
    const sizes = await check(at('pictures'))
    expect(sizes).toMatchObject({ exitCode: 2, stdout: '' })
    expect(sizes.stderr).toMatch(
      /pictures: its images have 2 sizes .*Set --size, such as 8, to which all are resized\.$/m,
    )
    const half = { images: pixels.subarray(0, 6000), labels: labels.subarray(0, 60) }
    writeFileSync(
      at('leaky.npz'),
      zipSync({
        'x_train.npy': bytesNpy(half.images, 60, 10, 10),
        'y_train.npy': bytesNpy(half.labels, 60),
        'x_test.npy': bytesNpy(half.images, 60, 10, 10),
        'y_test.npy': bytesNpy(half.labels, 60),
      }),
    )
    const leaky = await check(at('leaky.npz'))
    expect(leaky.exitCode).toBe(2)
    expect(leaky.stdout).toContain(
      'PROBLEM: 60 of 60 test images are also training images: accuracies would be too high.',
    )
  })

  it('refuses settings that the data set in a configuration does not have', () => {
    const file = at('wrong.yaml')
    writeFileSync(file, 'data: { name: fashion-mnist, layout: nchw }\nbudget: { trials: 1 }\n')
    expect(() => loadConfig(file)).toThrow(
      `${file}:1:30  data.layout is for data.name arrays; fashion-mnist does not have this setting. Remove it.`,
    )
  })
})

describe('a run on images', () => {
  const settings =
    'space: { channels: 4, cells: 1 }\ntraining: { epochs: 1, batch: 32 }\nbudget: { trials: 1 }\nfinalists: 1\n'
  const write = (name: string, data: string): string => {
    writeFileSync(at(name), `data: ${data}\n${settings}evaluator: { name: zero-cost }\n`)
    return at(name)
  }

  it('of 10x10 is refused before anything is written, with the size to set and where', async () => {
    const file = write('odd.yaml', `{ name: arrays, path: ${at('my.npz')}, validation: 12 }`)
    const { exitCode, stderr } = await runCli(['search', file, '--out', at('odd-run'), '--quiet'])
    expect(exitCode).toBe(2)
    expect(stderr).toContain(
      `${file}:1:1  data.size is not set, and the images have 10x10 pixels (width x height): networks halve them twice, ` +
        'so both must be multiples of 4. Set data.size, such as 12.',
    )
    expect(existsSync(at('odd-run'))).toBe(false)
    const score = await runCli(['score', '|none~0|+|none~0|none~1|+|none~0|none~1|none~2|', '--config', file])
    expect(score).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('Set data.size, such as 12.') })
  })

  it('that cannot fit into memory is refused before anything is written', async () => {
    const file = write('huge.yaml', '{ name: fashion-mnist, size: 256, train: 600, validation: 10, test: 10 }')
    const huge = ['--set', 'space.channels=256', '--set', 'space.cells=20', '--set', 'training.batch=512']
    const { exitCode, stderr } = await runCli(['search', file, ...huge, '--out', at('huge-run'), '--quiet'])
    expect(exitCode).toBe(2)
    expect(stderr).toMatch(
      /^--set training\.batch=512 {2}training\.batch is 512, and with space\.channels 256 and images of 256x256 half of|parameters or more, and the engine/,
    )
    expect(existsSync(at('huge-run'))).toBe(false)
    for (const size of [1_048_576, 1028]) {
      expect(() => loadConfig(file, [`data.size=${size}`])).toThrow(
        `override data.size=${size}  data.size must be at most 1024, got ${size}.`,
      )
    }
  })

  it('says what data check calls a problem, and keeps it with the counts', async () => {
    const file = write('leaky.yaml', `{ name: arrays, path: ${at('leaky.npz')}, size: 8, validation: 12 }`)
    const { exitCode, stderr } = await runCli(['search', file, '--out', at('leaky-run'), '--quiet'])
    const problem =
      '60 of 60 test images are also training images: accuracies would be too high. Remove them from one of the two.'
    expect({ exitCode, stderr }).toEqual({
      exitCode: 0,
      stderr: `data: ${problem}\ndata: for details, run: fear-nas data check ${file}\n`,
    })
    expect(JSON.parse(readFileSync(path.join(at('leaky-run'), 'summary.json'), 'utf8')).dataset).toMatchObject({
      train: 48,
      validation: 12,
      test: 60,
      problems: [problem],
    })
    expect((await check(file)).stdout).toContain(`PROBLEM: ${problem}`)
  })
})

describe('fear-nas data fetch', () => {
  it('fetches from a mirror, with a clear end where that has something else', async () => {
    const { url, requests } = await serveFiles({ 'cifar-10-binary.tar.gz': Buffer.from('something else') })
    const { exitCode, stdout, stderr } = await runCli(['data', 'fetch', 'cifar10', '--to', at('data'), '--from', url])
    expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: '' })
    expect(stderr).toContain('cifar-10-binary.tar.gz could not be downloaded.')
    expect(stderr).toContain('not the published c32a1d4ab5d03f1284b67883e8d87530')
    expect(stderr).toContain(`by hand (page: https://www.cs.toronto.edu/~kriz/cifar.html)`)
    expect(requests).toEqual(['/cifar-10-binary.tar.gz'])
  })
})
