import { ConfigError } from '../../platform/errors.js'

/** A published file. */
export interface PublishedFile {
  readonly name: string
  /** As published by the data set's page, or by torchvision for MNIST. */
  readonly md5: string
  /** Size; more is never downloaded. */
  readonly bytes: number
}

/** A data set that can be downloaded. */
export interface Source {
  /** URLs of folders with the files, each ending in a slash; the first that works is used. */
  readonly bases: readonly string[]
  readonly files: readonly PublishedFile[]
  /** Folder of the files within the data folder, and the resulting `data.path`. */
  readonly folder: string
  readonly path: string
  /** The page of the data set, for messages. */
  readonly page: string
}

const toronto = {
  bases: ['https://www.cs.toronto.edu/~kriz/'],
  folder: '',
  page: 'https://www.cs.toronto.edu/~kriz/cifar.html',
} as const

/** The data sets that can be downloaded. Not ImageNet16, because its page requires registration. */
const sources = {
  cifar10: {
    ...toronto,
    files: [{ name: 'cifar-10-binary.tar.gz', md5: 'c32a1d4ab5d03f1284b67883e8d87530', bytes: 170_052_171 }],
    path: 'cifar-10-binary.tar.gz',
  },
  cifar100: {
    ...toronto,
    files: [{ name: 'cifar-100-binary.tar.gz', md5: '03b5dce01913d631647c71ecec9e9cb8', bytes: 168_513_733 }],
    path: 'cifar-100-binary.tar.gz',
  },
  mnist: {
    // The first is torchvision's mirror; the authors' page often refuses.
    bases: ['https://ossci-datasets.s3.amazonaws.com/mnist/', 'http://yann.lecun.com/exdb/mnist/'],
    files: [
      { name: 'train-images-idx3-ubyte.gz', md5: 'f68b3c2dcbeaaa9fbdd348bbdeb94873', bytes: 9_912_422 },
      { name: 'train-labels-idx1-ubyte.gz', md5: 'd53e105ee54ea40749a09fcbcd1e9432', bytes: 28_881 },
      { name: 't10k-images-idx3-ubyte.gz', md5: '9fb629c4189551a2d022fa330f9573f3', bytes: 1_648_877 },
      { name: 't10k-labels-idx1-ubyte.gz', md5: 'ec29112dd5afa0611ce80d1b7f02629c', bytes: 4_542 },
    ],
    folder: 'mnist',
    path: 'mnist',
    page: 'http://yann.lecun.com/exdb/mnist/',
  },
  'fashion-mnist': {
    bases: ['http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/'],
    files: [
      { name: 'train-images-idx3-ubyte.gz', md5: '8d4fb7e6c68d591d4c3dfef9ec88bf0d', bytes: 26_421_880 },
      { name: 'train-labels-idx1-ubyte.gz', md5: '25c81989df183df01b3e8a0aad5dffbe', bytes: 29_515 },
      { name: 't10k-images-idx3-ubyte.gz', md5: 'bef4ecab320f06d8554ea6380940ec79', bytes: 4_422_102 },
      { name: 't10k-labels-idx1-ubyte.gz', md5: 'bb300cfdad3c16e7a12a480ee83cd310', bytes: 5_148 },
    ],
    folder: 'fashion-mnist',
    path: 'fashion-mnist',
    page: 'https://github.com/zalandoresearch/fashion-mnist',
  },
} as const satisfies Readonly<Record<string, Source>>

export type FetchableName = keyof typeof sources

export const fetchableNames = Object.keys(sources) as readonly FetchableName[]

/** @throws ConfigError that lists the data sets that can be downloaded. */
export function sourceOf(name: string): Source {
  const known = fetchableNames.find((candidate) => candidate === name)
  if (known !== undefined) return sources[known]
  const why =
    name === 'imagenet16-120'
      ? 'ImageNet16 cannot be fetched: its page, https://image-net.org/download-images, wants a registration.'
      : `There is no data set "${name}" to fetch.`
  throw new ConfigError(`${why} These can be: ${fetchableNames.join(', ')}.`)
}
