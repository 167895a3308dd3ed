import { type CifarRecords, cifarSide, readCifarNames, readCifarRecords } from './cifar-records.js'
import { type PublishedFiles, readPublishedFiles } from './published-files.js'
import type { LoadHooks, RawImages } from './raw-images.js'

const namesFile = 'fine_label_names.txt'
const trainFile = 'train.bin'
const testFile = 'test.bin'
/** The coarse label (one of twenty) and the fine one, which is used. */
const records: Omit<CifarRecords, 'recordsPerFile'> = { labelBytes: 2, classes: 100 }

const published: PublishedFiles = {
  dataset: 'cifar100',
  title: 'CIFAR-100',
  folder: 'cifar-100-binary',
  archive: 'cifar-100-binary.tar.gz',
  files: [namesFile, trainFile, testFile],
  mostFileBytes: 50_000 * (2 + 3072),
  getIt:
    'Give the archive cifar-100-binary.tar.gz from https://www.cs.toronto.edu/~kriz/cifar.html, or the folder ' +
    'unpacked from it.',
}

/**
 * CIFAR-100 (Krizhevsky 2009), the binary version: 50,000 + 10,000 colour images of 32x32 in a hundred (fine) classes.
 *
 * @param location the archive `cifar-100-binary.tar.gz`, the folder `cifar-100-binary`, or a folder that holds either.
 * @throws ConfigError without a location.
 * @throws DataError for a missing file, a damaged archive, a wrong size or a label out of range.
 */
export async function loadCifar100(location: string | undefined, hooks: LoadHooks): Promise<RawImages> {
  const files = await readPublishedFiles(published, location, hooks, (bytes) => bytes)
  return {
    classNames: readCifarNames(namesFile, files, records.classes, published),
    channels: 3,
    height: cifarSide,
    width: cifarSide,
    train: readCifarRecords([trainFile], files, { ...records, recordsPerFile: 50_000 }, published),
    test: readCifarRecords([testFile], files, { ...records, recordsPerFile: 10_000 }, published),
  }
}
