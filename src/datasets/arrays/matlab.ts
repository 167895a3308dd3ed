import { readdir, stat } from 'node:fs/promises'
import path from 'node:path'
import { DataError } from '../../platform/errors.js'
import { listed } from '../../platform/listed.js'
import { shellWord } from '../../platform/shell.js'
import { readSplitName } from '../folders/split-names.js'
import { firstBytes } from '../unpack.js'

/** Whether a file is one of MATLAB's by its name. */
export function isMatlabName(name: string): boolean {
  return /\.mat$/i.test(name)
}

/**
 * The error for MATLAB's files at a path, a `.mat` file or a folder of them. They are not read: the only reader that npm
 * has is under the GPL. It has the command that converts them, with the names of arrays in SVHN, of which `train_32x32.mat`
 * and `test_32x32.mat` belong together.
 *
 * @returns null if there are none.
 */
export async function matlabRefusal(location: string): Promise<DataError | null> {
  const isFolder = (await stat(location).catch(() => null))?.isDirectory() === true
  if (!isFolder && !isMatlabName(location)) return null
  const folder = isFolder ? location : path.dirname(location)
  const names = (await readdir(folder)).filter(isMatlabName).sort()
  const named = isFolder ? names : [path.basename(location)]
  const split = (role: 'train' | 'test'): string | undefined => names.find((name) => roleOf(name) === role)
  const train =
    named.find((name) => roleOf(name) === 'train') ?? (named.includes(split('test') ?? '') ? split('train') : named[0])
  if (train === undefined) return null
  const test = roleOf(train) === 'train' ? split('test') : undefined
  const used = [train, ...(test === undefined ? [] : [test])]
  const target = path.join(folder, /_32x32\.mat$/i.test(train) ? 'svhn.npz' : train.replace(/\.mat$/i, '.npz'))
  const unused = named.filter((name) => !used.includes(name))
  const not = unused.length === 0 ? '' : ` ${listed(unused)} would not be used.`
  return new DataError(
    `${location}: MATLAB's files are not read.${not} Convert ${listed(used, { separator: ' and ' })} (X and y are the names in ` +
      `SVHN), and set data.path to ${target}: python -c ${shellWord(
        script(
          used.map((name) => path.join(folder, name)),
          target,
        ),
      )}`,
  )
}

function roleOf(name: string): string | undefined {
  return readSplitName(name.replace(/\.mat$/i, ''))?.role
}

/** The lines of Python that convert the files for training and testing. */
function script(files: readonly string[], target: string): string {
  const isHdf5 = files.map(isVersion73)
  const variables = files.map((_, i) => 'ab'[i])
  const reads = files.map((file, i) => {
    const text = JSON.stringify(file)
    // HDF5 has the axes in reverse order.
    return isHdf5[i]
      ? `${variables[i]}={k: h5py.File(${text})[k][()].T for k in ("X", "y")}`
      : `${variables[i]}=loadmat(${text})`
  })
  const arrays = files.map((_, i) => {
    const [split, from] = [i === 0 ? 'train' : 'test', variables[i]]
    return `x_${split}=${from}["X"], y_${split}=${from}["y"]`
  })
  return [
    'import numpy as np',
    ...(isHdf5.includes(false) ? ['from scipy.io import loadmat'] : []),
    ...(isHdf5.includes(true) ? ['import h5py'] : []),
    ...reads,
    `np.savez(${JSON.stringify(target)}, ${arrays.join(', ')})`,
  ].join('; ')
}

/** Whether it is in HDF5, which is read by h5py only. */
function isVersion73(file: string): boolean {
  try {
    return Buffer.from(firstBytes(file, 11)).toString('latin1') === 'MATLAB 7.3 '
  } catch {
    // It may be unreadable; what Python says of it then helps more.
    return false
  }
}
