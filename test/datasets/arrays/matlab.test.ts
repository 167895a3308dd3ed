import { execFileSync, spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { loadArrays } from '../../../src/datasets/arrays/load-arrays.js'
import { recognise } from '../../../src/datasets/inspect/recognise.js'
import { DataError } from '../../../src/platform/errors.js'
import { writeFiles } from '../../support/made-folders.js'
import { temporaryFolder } from '../../support/temporary-folder.js'

const folder = temporaryFolder('matlab')
const level5 = `${'MATLAB 5.0 MAT-file, Platform: GLNXA64'.padEnd(124)}\0\x01IM`
const level73 = level5.replace('5.0', '7.3')
const svhn = writeFiles(path.join(folder, "it's svhn"), {
  'train_32x32.mat': level5,
  'test_32x32.mat': level5,
  'extra_32x32.mat': level5,
})
const other = path.join(writeFiles(path.join(folder, 'other'), { 'my data.mat': level73 }), 'my data.mat')

async function refusal(location: string): Promise<string> {
  const error: unknown = await loadArrays(location, {}).catch((reason: unknown) => reason)
  expect(error).toBeInstanceOf(DataError)
  const { message } = error as Error
  await expect(recognise(location)).rejects.toThrow(message)
  return message
}

/** Modules of Python that write what they are asked for, so that the command runs without the real ones. */
const modules = writeFiles(path.join(folder, 'modules'), {
  'scipy/__init__.py': '',
  'scipy/io.py': 'def loadmat(file): return {"X": ["level 5", file, "X"], "y": ["level 5", file, "y"]}',
  'numpy.py': 'import json\ndef savez(file, **arrays): print(json.dumps([file, arrays]))',
  'h5py.py': `
class Array(list):
    @property
    def T(self): return self
class Dataset:
    def __init__(self, *names): self.names = names
    def __getitem__(self, index): return Array(["HDF5", *self.names]) if index == () else None
class File:
    def __init__(self, file): self.file = file
    def __getitem__(self, name): return Dataset(self.file, name)
`,
})
const hasPython = spawnSync('python3', ['--version']).status === 0
if (!hasPython) console.warn('skipped: the command that converts .mat files is not run, since there is no python3')

/** What the command in a message saves. */
function runCommand(message: string): unknown {
  const command = message.slice(message.indexOf('python -c '))
  const env = { ...process.env, PYTHONPATH: modules, PYTHONDONTWRITEBYTECODE: '1' }
  return JSON.parse(execFileSync('sh', ['-c', `python() { python3 "$@"; }; ${command}`], { env, encoding: 'utf8' }))
}

describe("MATLAB's files", () => {
  it('are refused, with what goes together and what is left out', async () => {
    expect(await refusal(svhn)).toMatch(
      /svhn: MATLAB's files are not read\. extra_32x32\.mat would not be used\. Convert train_/,
    )
    const convert =
      /Convert train_32x32\.mat and test_32x32\.mat \(X and y .*\), and set data\.path to .*svhn\.npz: python -c /
    for (const name of ['train_32x32.mat', 'test_32x32.mat'])
      expect(await refusal(path.join(svhn, name))).toMatch(convert)
    expect(await refusal(other)).toMatch(
      /Convert my data\.mat .*my data\.npz: python -c 'import numpy as np; import h5py; /,
    )
  })

  it.skipIf(!hasPython)('are converted by the command in the message, whatever their names', async () => {
    const read = (file: string, name: string) => ['level 5', path.join(svhn, file), name]
    expect(runCommand(await refusal(svhn))).toEqual([
      path.join(svhn, 'svhn.npz'),
      {
        x_train: read('train_32x32.mat', 'X'),
        y_train: read('train_32x32.mat', 'y'),
        x_test: read('test_32x32.mat', 'X'),
        y_test: read('test_32x32.mat', 'y'),
      },
    ])
    expect(runCommand(await refusal(other))).toEqual([
      path.join(path.dirname(other), 'my data.npz'),
      { x_train: ['HDF5', other, 'X'], y_train: ['HDF5', other, 'y'] },
    ])
  })

  it('are read after that: height, width, channels, images, in the order of Fortran', async () => {
    // Made by `fixtures/make-arrays.py` with NumPy 2.4.6.
    const fixture = JSON.parse(
      readFileSync(path.join(import.meta.dirname, '../fixtures/arrays.json'), 'utf8'),
    ) as Readonly<Record<'svhn' | 'svhn_pixels', string>>
    const converted = writeFiles(path.join(folder, 'converted'), { 'svhn.npz': Buffer.from(fixture.svhn, 'base64') })
    const read = await loadArrays(path.join(converted, 'svhn.npz'), {})
    const pixels = Buffer.from(fixture.svhn_pixels, 'base64')
    expect(read).toMatchObject({ channels: 3, height: 4, width: 5 })
    expect(read.classNames).toEqual(['1', '2', '3', '4', '5', '6', '7', '8', '9', '10'])
    expect(Buffer.compare(read.train.pixels, pixels)).toBe(0)
    expect(Buffer.compare(read.test.pixels, pixels.subarray(0, pixels.length / 2))).toBe(0)
    expect([...read.train.labels]).toEqual(Array.from({ length: 20 }, (_, i) => i % 10))
  })
})
