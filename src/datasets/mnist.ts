import { ConfigError } from '../platform/errors.js'
import { readIdxFolder } from './idx.js'
import type { LoadHooks, RawImages } from './raw-images.js'

const digits = ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9'] as const
const getIt =
  'Give the folder with train-images-idx3-ubyte, train-labels-idx1-ubyte, t10k-images-idx3-ubyte and ' +
  't10k-labels-idx1-ubyte, each with or without .gz: "fear-nas data fetch mnist" gets them.'

/**
 * MNIST (LeCun, Cortes and Burges): 60,000 + 10,000 grey digits of 28x28, and any other images in its format, such as KMNIST
 * and EMNIST.
 *
 * @param location the folder of its four files, or one above it, such as torchvision's.
 * @throws ConfigError without a location.
 * @throws DataError for a missing or damaged file, or one with unexpected contents.
 */
export async function loadMnist(location: string | undefined, hooks: LoadHooks): Promise<RawImages> {
  if (location === undefined) throw new ConfigError(`mnist needs data.path. ${getIt}`)
  return readIdxFolder(location, digits, getIt, hooks)
}
