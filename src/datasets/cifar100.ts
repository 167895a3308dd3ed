import type { LoadHooks, RawImages } from './raw-images.js'
import { type CifarFormat, type CifarVersion, readCifar } from './read-cifar.js'

/** The coarse label (one of twenty) and the fine one, which is used. */
const format: CifarFormat = { labelBytes: 2, classes: 100, recordsPerFile: 50_000, testRecords: 10_000 }
const common = {
  dataset: 'cifar100',
  title: 'CIFAR-100',
  getIt:
    'Give the archive cifar-100-binary.tar.gz or cifar-100-python.tar.gz from https://www.cs.toronto.edu/~kriz/cifar.html, ' +
    'or the folder unpacked from it.',
} as const

const binary: CifarVersion = {
  ...common,
  folder: 'cifar-100-binary',
  archive: 'cifar-100-binary.tar.gz',
  namesFile: 'fine_label_names.txt',
  trainFiles: ['train.bin'],
  testFile: 'test.bin',
  files: ['fine_label_names.txt', 'train.bin', 'test.bin'],
  mostFileBytes: 50_000 * (2 + 3072),
}

const python: CifarVersion = {
  ...common,
  folder: 'cifar-100-python',
  archive: 'cifar-100-python.tar.gz',
  namesFile: 'meta',
  trainFiles: ['train'],
  testFile: 'test',
  pickles: { labels: 'fine_labels', names: 'fine_label_names' },
  files: ['meta', 'train', 'test'],
  // A pickle has some bytes for every label and the name of every file.
  mostFileBytes: 50_000 * (2 + 3072) * 2,
}

/**
 * CIFAR-100 (Krizhevsky 2009): 50,000 + 10,000 colour images of 32x32 in a hundred (fine) classes.
 *
 * @param location an archive of the binary or the Python version, its folder, or a folder that holds either.
 * @throws ConfigError without a location.
 * @throws DataError for a missing file, a damaged archive, a wrong size or a label out of range.
 */
export function loadCifar100(location: string | undefined, hooks: LoadHooks): Promise<RawImages> {
  return readCifar([binary, python], format, location, hooks)
}
