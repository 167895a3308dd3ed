import type { LoadHooks, RawImages } from './raw-images.js'
import { type CifarFormat, type CifarVersion, readCifar } from './read-cifar.js'

const format: CifarFormat = { labelBytes: 1, classes: 10, recordsPerFile: 10_000, testRecords: 10_000 }
const getIt =
  'Give the archive cifar-10-binary.tar.gz or cifar-10-python.tar.gz from https://www.cs.toronto.edu/~kriz/cifar.html, or ' +
  'the folder unpacked from it.'

function version(
  names: Pick<CifarVersion, 'folder' | 'archive' | 'namesFile' | 'pickles'>,
  ending: string,
): CifarVersion {
  const trainFiles = [1, 2, 3, 4, 5].map((batch) => `data_batch_${batch}${ending}`)
  const testFile = `test_batch${ending}`
  return {
    dataset: 'cifar10',
    title: 'CIFAR-10',
    ...names,
    trainFiles,
    testFile,
    files: [names.namesFile, ...trainFiles, testFile],
    // A pickle has some bytes for every label.
    mostFileBytes: 10_000 * (1 + 3072) * (names.pickles === undefined ? 1 : 2),
    getIt,
  }
}

const binary = version(
  { folder: 'cifar-10-batches-bin', archive: 'cifar-10-binary.tar.gz', namesFile: 'batches.meta.txt' },
  '.bin',
)
const python = version(
  {
    folder: 'cifar-10-batches-py',
    archive: 'cifar-10-python.tar.gz',
    namesFile: 'batches.meta',
    pickles: { labels: 'labels', names: 'label_names' },
  },
  '',
)

/**
 * CIFAR-10 (Krizhevsky 2009): 50,000 + 10,000 colour images of 32x32 in ten classes, in the order of the numbered files.
 *
 * @param location an archive of the binary or the Python version, its folder, or a folder that holds either.
 * @throws ConfigError without a location.
 * @throws DataError for a missing file, a damaged archive, a wrong size or a label out of range.
 */
export function loadCifar10(location: string | undefined, hooks: LoadHooks): Promise<RawImages> {
  return readCifar([binary, python], format, location, hooks)
}
