import { type CifarRecords, cifarSide, readCifarNames, readCifarRecords } from './cifar-records.js'
import { type PublishedFiles, readPublishedFiles } from './published-files.js'
import type { LoadHooks, RawImages } from './raw-images.js'

const metaFile = 'batches.meta.txt'
const trainFiles = [1, 2, 3, 4, 5].map((batch) => `data_batch_${batch}.bin`)
const testFile = 'test_batch.bin'
const records: CifarRecords = { labelBytes: 1, classes: 10, recordsPerFile: 10_000 }

const published: PublishedFiles = {
  dataset: 'cifar10',
  title: 'CIFAR-10',
  folder: 'cifar-10-batches-bin',
  archive: 'cifar-10-binary.tar.gz',
  files: [metaFile, ...trainFiles, testFile],
  mostFileBytes: 10_000 * (1 + 3072),
  getIt:
    'Give the archive cifar-10-binary.tar.gz from https://www.cs.toronto.edu/~kriz/cifar.html, or the folder ' +
    'unpacked from it.',
}

/**
 * CIFAR-10 (Krizhevsky 2009), the binary version: 50,000 + 10,000 colour images of 32x32 in ten classes, in the
 * order of the numbered files.
 *
 * @param location the archive `cifar-10-binary.tar.gz`, the folder `cifar-10-batches-bin`, or a folder that holds either.
 * @throws ConfigError without a location.
 * @throws DataError for a missing file, a damaged archive, a wrong size or a label out of range.
 */
export async function loadCifar10(location: string | undefined, hooks: LoadHooks): Promise<RawImages> {
  const files = await readPublishedFiles(published, location, hooks, (bytes) => bytes)
  return {
    classNames: readCifarNames(metaFile, files, records.classes, published),
    channels: 3,
    height: cifarSide,
    width: cifarSide,
    train: readCifarRecords(trainFiles, files, records, published),
    test: readCifarRecords([testFile], files, records, published),
  }
}
