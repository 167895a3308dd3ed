import { writeFileSync } from 'node:fs'
import path from 'node:path'
import { zipSync } from 'fflate'
import { describe, expect, it } from 'vitest'
import type { ReadingOptions } from '../../../src/datasets/dataset.js'
import { checkDataset } from '../../../src/datasets/inspect/check-dataset.js'
import { recognise } from '../../../src/datasets/inspect/recognise.js'
import { loadDataset } from '../../../src/datasets/load-dataset.js'
import { FearNasError } from '../../../src/platform/errors.js'
import { runNumpy } from '../../support/advised-line.js'
import { bytesNpy, floatsNpy, npyFile, stripedImages } from '../../support/made-arrays.js'
import { classFolders, pngFile, writeFiles } from '../../support/made-folders.js'
import { idxFile } from '../../support/published-idx.js'
import { temporaryFolder } from '../../support/temporary-folder.js'

const folder = temporaryFolder('advice')
process.env.FEAR_NAS_CACHE = path.join(folder, 'cache')
let made = 0

type Arrays = Readonly<Record<string, Uint8Array>>
const npz = (arrays: Arrays): string => {
  const file = path.join(folder, `${made++}.npz`)
  writeFileSync(file, zipSync(Object.fromEntries(Object.entries(arrays).map(([name, npy]) => [`${name}.npy`, npy]))))
  return file
}
const files = (content: Readonly<Record<string, Uint8Array | string>>): string =>
  writeFiles(path.join(folder, String(made++)), content)

async function check(location: string, reading: ReadingOptions = {}) {
  return checkDataset({ ...(await recognise(location)), ...reading, size: reading.size ?? null })
}

async function refusal(location: string, reading: ReadingOptions = {}): Promise<FearNasError> {
  const error: unknown = await check(location, reading).catch((reason: unknown) => reason)
  expect(error).toBeInstanceOf(FearNasError)
  expect((error as FearNasError).exitCode).toBe(2)
  return error as FearNasError
}

const count = 24
const { pixels, labels } = stripedImages(count, 3, 1, 8, 8)
const images = bytesNpy(pixels, count, 8, 8)
const y = bytesNpy(labels, count)
const colour = stripedImages(count, 3, 3, 8, 8).pixels
const floats = (of: (value: number, i: number) => number): Uint8Array =>
  floatsNpy(Float32Array.from(pixels, of), count, 8, 8)
const shorts = (of: (value: number) => number): Uint8Array =>
  npyFile(new Uint8Array(Uint16Array.from(pixels, of).buffer), { descr: '<u2', shape: [count, 8, 8] })
const doubles = (values: readonly number[]): Uint8Array =>
  npyFile(new Uint8Array(Float64Array.from(values).buffer), { descr: '<f8', shape: [values.length] })
const hot = (ones: (row: number) => readonly number[]): Uint8Array => {
  const flags = new Uint8Array(count * 3)
  for (let row = 0; row < count; row++) for (const column of ones(row)) flags[row * 3 + column] = 1
  return bytesNpy(flags, count, 3)
}
const texts = (values: readonly string[]): Uint8Array =>
  npyFile(Buffer.concat(values.map((text) => Buffer.from(text.padEnd(3, '\0')))), {
    descr: '|S3',
    shape: [values.length],
  })
const png = (width: number, height = width, channels = 1, seed = 0): Uint8Array =>
  pngFile(width, height, channels, (i) => (i * 37 + seed * 101) % 256)

/** What is made, what `data check` says of it (FILE: the path), and what makes it readable. */
interface Row {
  readonly of: string
  readonly make: () => string
  readonly says: string
  /** Flags to add. */
  readonly flags?: ReadingOptions
  /** NumPy code in the message, as lines that change the arrays `d`. */
  readonly numpy?: string
  /** Not by data check, but by the loader that a configuration names. */
  readonly reading?: ReadingOptions
}

const arrays: readonly Row[] = [
  {
    of: 'colours at both ends',
    make: () =>
      npz({
        images: bytesNpy(
          new Uint8Array(3 * 5 * 8 * 3).map((_, i) => i * 7),
          3,
          3,
          40,
          1,
        ),
        labels: bytesNpy(Uint8Array.of(0, 1, 0), 3),
      }),
    says: 'FILE: images: of shape 3 x 3 x 40 x 1 either end of it may be the channels. Set --layout to nhwc (channels last) or nchw (first).',
  },
  {
    of: 'rows of colours',
    make: () => npz({ images: bytesNpy(colour, count, 192), labels: y }),
    says: 'FILE: images: 24 x 192 may be colour images of 8 x 8. Set --layout to nchw (red, green and blue plane, as in CIFAR) or nhwc (the colours of each pixel together).',
    flags: { layout: 'nchw' },
  },
  {
    of: 'many channels',
    make: () => npz({ images: bytesNpy(new Uint8Array(count * 8 * 8 * 8), count, 8, 8, 8), labels: y }),
    says: 'FILE: images: 24 x 8 x 8 x 8 are volumes, or images of 8 channels. Save a slice of each volume, such as x[:, 4], or set --layout to nhwc (channels last) or nchw (first).',
    flags: { layout: 'nchw' },
  },
  {
    of: 'five axes',
    make: () => npz({ images: bytesNpy(pixels, count, 1, 8, 8, 1), labels: y }),
    says: 'FILE: images: expected images as N x H x W, N x H x W x C or N x C x H x W, got 24 x 1 x 8 x 8 x 1. Reshape it, such as x.reshape(len(labels), HEIGHT, WIDTH, CHANNELS).',
    numpy:
      'x=d["images"]; labels=d["labels"]; HEIGHT=WIDTH=8; CHANNELS=1; d["images"]=x.reshape(len(labels), HEIGHT, WIDTH, CHANNELS)',
  },
  {
    of: 'rows that are no squares',
    make: () => npz({ images: bytesNpy(pixels.subarray(0, count * 60), count, 60), labels: y }),
    says: 'FILE: images: expected images as N x H x W, N x H x W x C or N x C x H x W, got 24 x 60, which are no square images either. Reshape it: x.reshape(-1, HEIGHT, WIDTH).',
    numpy: 'x=d["images"]; HEIGHT=6; WIDTH=10; d["images"]=x.reshape(-1, HEIGHT, WIDTH)',
  },
  {
    of: 'no images in an array',
    make: () => npz({ images: bytesNpy(new Uint8Array(0), 0, 8, 8), labels: y }),
    says: 'FILE: images: its shape 0 x 8 x 8 means that it is empty. Check how it was made.',
  },
  {
    of: 'values around zero',
    make: () => npz({ images: floats((v) => v / 127.5 - 1), labels: y }),
    says: "FILE: images: its values run from -1 to 0.6941, but pixels must be in 0..255 or 0..1. Scale them: ((x + 1) / 2 * 255).astype('uint8'). fear-nas normalises them itself.",
    numpy: "x=d['images']; d['images']=((x + 1) / 2 * 255).astype('uint8')",
  },
  {
    of: '16 bits',
    make: () => npz({ images: shorts((v) => v * 257), labels: y }),
    says: "FILE: images: its values run from 0 to 55510, but pixels must be in 0..255 or 0..1. Scale them: (x / 65535 * 255).astype('uint8'). fear-nas normalises them itself.",
    numpy: "x=d['images']; d['images']=(x / 65535 * 255).astype('uint8')",
  },
  {
    of: '12 bits',
    make: () => npz({ images: shorts((v) => v * 16), labels: y }),
    says: "FILE: images: its values run from 0 to 3456, but pixels must be in 0..255 or 0..1. Scale them: (x / 4095 * 255).astype('uint8'). fear-nas normalises them itself.",
    numpy: "x=d['images']; d['images']=(x / 4095 * 255).astype('uint8')",
  },
  {
    of: 'infinite values',
    make: () => npz({ images: floats((v, i) => (i === 5 ? Infinity : v)), labels: y }),
    says: 'FILE: images: its values run from 0 to Infinity, but pixels must be in 0..255 or 0..1. Scale them: np.clip(x, 0, 255), which removes what is infinite. fear-nas normalises them itself.',
    numpy: "x=d['images']; d['images']=np.clip(x, 0, 255)",
  },
  {
    of: 'NaN',
    make: () => npz({ images: floats((v, i) => (i === 5 ? Number.NaN : v)), labels: y }),
    says: 'FILE: images: element 5 is not a number (NaN). Fill such elements, such as np.nan_to_num(x), or leave the images out.',
    numpy: "x=d['images']; d['images']=np.nan_to_num(x)",
  },
  {
    of: 'values of 0..2',
    make: () => npz({ images: floats((v) => v / 110), labels: y }),
    says: 'FILE: images: its values run from 0 to 1.964 and are not whole numbers, so they are pixels neither in 0..1 nor in 0..255. Divide them by the value of white, such as x / 2.',
    numpy: "x=d['images']; d['images']=x / 2",
  },
  {
    of: 'float16',
    make: () =>
      npz({ images: npyFile(new Uint8Array(count * 128), { descr: '<f2', shape: [count, 8, 8] }), labels: y }),
    says: "FILE: images: its elements are of type f2, but integers, booleans, float32 or float64 are expected. Convert it: x.astype('float32').",
    numpy: "x=d['images']; d['images']=x.astype('float32')",
  },
  {
    of: 'objects as labels',
    make: () => npz({ images, labels: npyFile(new Uint8Array(20), { descr: '|O', shape: [count] }) }),
    says: 'FILE: labels: it holds Python objects, not numbers or texts. Convert them before you save them: labels.astype(str) for texts, labels.astype(int) for numbers.',
  },
  {
    of: 'dates as labels',
    make: () => npz({ images, labels: npyFile(new Uint8Array(8 * count), { descr: '<M8', shape: [count] }) }),
    says: 'FILE: labels: it holds elements of type M8, not numbers or texts. Save labels.astype(str).',
  },
  {
    of: 'too few labels',
    make: () => npz({ images, labels: bytesNpy(labels.subarray(4), count - 4) }),
    says: 'FILE: labels: it has 20 labels for 24 images. Save one for each image, in the same order: both must have the same length.',
  },
  {
    of: 'labels of three axes',
    make: () => npz({ images, labels: bytesNpy(labels, count, 1, 1) }),
    says: 'FILE: labels: expected labels as N numbers or texts, got 24 x 1 x 1. Save one label for each image, such as labels.reshape(24).',
    numpy: "labels=d['labels']; d['labels']=labels.reshape(24)",
  },
  {
    of: 'fractions as labels',
    make: () => npz({ images, labels: doubles([...labels].map((label) => label + 0.5)) }),
    says: 'FILE: labels: label 0 is 0.5, not a whole number. Save the numbers or names of classes: np.unique(labels, return_inverse=True)[1] numbers what is there.',
    numpy: "labels=d['labels']; d['labels']=np.unique(labels, return_inverse=True)[1]",
  },
  {
    of: 'several classes of an image',
    make: () => npz({ images, labels: hot((row) => (row === 2 ? [0, 1] : [row % 3])) }),
    says: 'FILE: labels: expected one label per image, got 24 x 3, of which row 2 has 2 ones: images with several classes or none are not supported. Keep those with one: keep = labels.sum(1) == 1, then images[keep] and labels[keep].',
    numpy:
      "images=d['images']; labels=d['labels']; keep = labels.sum(1) == 1; d['images']=images[keep]; d['labels']=labels[keep]",
  },
  {
    of: 'no class of an image',
    make: () => npz({ images, labels: hot((row) => (row === 2 ? [] : [row % 3])) }),
    says: 'FILE: labels: expected one label per image, got 24 x 3, of which row 2 has no ones: images with several classes or none are not supported. Keep those with one: keep = labels.sum(1) == 1, then images[keep] and labels[keep].',
  },
  {
    of: 'scores',
    make: () =>
      npz({
        images,
        labels: floatsNpy(
          Float32Array.from({ length: count * 3 }, (_, i) => ((i * 5) % 7) / 7),
          count,
          3,
        ),
      }),
    says: 'FILE: labels: expected one label per image, got 24 x 3, of which row 0 is not zeros and a single one. If these are scores of classes, save labels.argmax(1); if they are several labels, the column of one, such as labels[:, 0].',
    numpy: "labels=d['labels']; d['labels']=labels.argmax(1)",
  },
  {
    of: 'one class',
    make: () => npz({ images, labels: bytesNpy(new Uint8Array(count), count) }),
    says: 'FILE: labels: all labels are 0, but at least 2 classes are needed. Check that these are the labels, and that all of them were saved.',
  },
  {
    of: 'measurements as labels',
    make: () => {
      const many = 300
      const values = npyFile(new Uint8Array(Uint16Array.from({ length: many }, (_, i) => i).buffer), {
        descr: '<u2',
        shape: [many],
      })
      return npz({
        images: bytesNpy(
          new Uint8Array(many * 16).map((_, i) => i * 11),
          many,
          4,
          4,
        ),
        labels: values,
      })
    },
    says: 'FILE: labels: it has 300 different labels of 300 images, which are no classes. If they are measurements, make classes of them: np.digitize(labels, np.quantile(labels, [0.25, 0.5, 0.75])).',
    numpy: "labels=d['labels']; d['labels']=np.digitize(labels, np.quantile(labels, [0.25, 0.5, 0.75]))",
  },
  {
    of: 'an empty text as a label',
    make: () => npz({ images, labels: texts([...labels].map((label, i) => (i === 3 ? '' : `c${label}`))) }),
    says: "FILE: labels: label 3 is empty. Fill it, or leave such images out: keep = labels != '', then images[keep] and labels[keep].",
  },
  {
    of: 'a test label that is no class',
    make: () =>
      npz({
        x_train: images,
        y_train: y,
        x_test: images,
        y_test: bytesNpy(
          labels.map((label, i) => (i === 1 ? 9 : label)),
          count,
        ),
      }),
    says: 'FILE: y_test: label 1 is 9, which no training image has. Add training images of it, or leave such images out: keep = np.isin(test_labels, train_labels), then test_images[keep] and test_labels[keep].',
    numpy:
      "test_images=d['x_test']; test_labels=d['y_test']; train_labels=d['y_train']; keep = np.isin(test_labels, train_labels); d['x_test']=test_images[keep]; d['y_test']=test_labels[keep]",
  },
  {
    of: 'test images of another size',
    make: () => npz({ x_train: images, y_train: y, x_test: bytesNpy(pixels, count, 4, 16), y_test: y }),
    says: 'FILE: x_test: its images have 1 x 4 x 16, the training images 1 x 8 x 8 (channels x height x width). Save both in one size.',
  },
  {
    of: 'test images on another scale',
    make: () =>
      npz({
        x_train: images,
        y_train: y,
        x_test: bytesNpy(
          pixels.map((v) => v >> 5),
          count,
          8,
          8,
        ),
        y_test: y,
      }),
    says: 'FILE: x_test: its brightest pixel is 6 of 255, that of the training images 216: they are not on the same scale. Save both in 0..255, or both as floating-point numbers in 0..1.',
  },
  {
    of: 'test images without labels',
    make: () => npz({ x_train: images, y_train: y, x_test: images }),
    says: 'FILE: it has testImages, but no testLabels. Add them, or leave both out.',
  },
  {
    of: 'a class with one image',
    make: () =>
      npz({
        images,
        labels: bytesNpy(
          labels.map((_, i) => (i === 0 ? 1 : 0)),
          count,
        ),
      }),
    says: 'FILE: there is a single image of class 1, and one is needed for training and one for the test. Add some, remove the class, or give test images.',
  },
]

const folders: readonly Row[] = [
  {
    of: 'several sizes',
    make: () => files({ ...classFolders(['a', 'b'], 4), 'a/large.png': png(12) }),
    says: 'FILE: its images have 2 sizes (8 of 8x8, 1 of 12x12; FILE/a/large.png has 12x12). Set --size, such as 8, to which all are resized.',
    flags: { size: 8 },
  },
  {
    of: 'grey and colour',
    make: () => files({ ...classFolders(['a', 'b'], 4), 'a/colour.png': png(8, 8, 3) }),
    says: 'FILE: 8 of its images are grey and 1 colour (FILE/a/colour.png is in colour). Set --channels to 1 (grey) or 3 (colour).',
    flags: { channels: 1 },
  },
  {
    of: 'an empty class beside images of several sizes',
    make: () => files({ ...classFolders(['a', 'b'], 4), 'a/large.png': png(12), 'c/.keep': '' }),
    says: 'FILE: there are no images of class c. Add some, or remove the class.',
  },
  {
    of: 'a class of one image',
    make: () => files({ ...classFolders(['a', 'b'], 4), 'c/1.png': png(8) }),
    says: 'FILE: there is a single image of class c, and one is needed for training and one for the test. Add some, remove the class, or give test images.',
  },
  {
    of: 'folders of the same folders',
    make: () => files({ ...prefixed('one', 4, 0), ...prefixed('two', 2, 50) }),
    says: 'FILE: its folders (one, two) all hold the folders a, b. Set --splits to the folders of the splits, such as train=one,test=two, or to false if each folder is a class.',
    flags: { splits: { train: 'one', test: 'two' } },
  },
  {
    of: 'the same, as classes',
    make: () => files({ ...prefixed('one', 4, 0), ...prefixed('two', 4, 50) }),
    says: 'FILE: its folders (one, two) all hold the folders a, b. Set --splits to the folders of the splits, such as train=one,test=two, or to false if each folder is a class.',
    flags: { splits: false },
  },
  {
    of: 'two folders of training images',
    make: () => files({ ...prefixed('train', 4, 0), ...prefixed('training', 4, 20), ...prefixed('test', 2, 50) }),
    says: 'FILE: train and training both look like train images. Set --splits to the folders of the splits, such as train=train,test=test, or to false if each folder is a class.',
    flags: { splits: { train: 'training', test: 'test' } },
  },
  {
    of: 'splits without classes',
    make: () => files({ 'train/1.png': png(8), 'test/1.png': png(8, 8, 1, 2) }),
    says: 'FILE: test and train hold images of splits, but no folders of classes. Put the images of each class into a folder, such as train/cat, or list them in a labels.csv with the columns file and label beside these folders, or, if they are classes, set --splits to false.',
  },
  {
    of: 'a test class that no training image has',
    make: () => files({ ...prefixed('train', 4, 0), ...prefixed('test', 2, 50), 'test/c/1.png': png(8) }),
    says: 'FILE/test/c: FILE/train has no such class. Rename or remove it.',
  },
  {
    of: 'two tables of labels',
    make: () => files({ ...flat(8), 'one.csv': table(8, 'image,label'), 'two.csv': table(8, 'image,label') }),
    says: 'FILE: one.csv and two.csv both label images. Set --labels to one of them, such as one.csv, or to false if each folder is a class.',
    flags: { labels: 'one.csv' },
  },
  {
    of: 'a broken image',
    make: () => files({ ...classFolders(['a', 'b'], 4), 'a/broken.png': png(8).subarray(0, 20) }),
    says: 'FILE: 1 of 9 images cannot be read. Repair, convert or remove them.',
  },
]

const published: readonly Row[] = [
  {
    of: 'IDX with a file missing',
    make: () => files({ 'train-images-idx3-ubyte': idxFile(new Uint8Array(64), 1, 8, 8) }),
    says: 'FILE: it has no train-labels-idx1-ubyte. Give the folder with train-images-idx3-ubyte, train-labels-idx1-ubyte, t10k-images-idx3-ubyte and t10k-labels-idx1-ubyte, each with or without .gz: "fear-nas data fetch mnist" gets them.',
  },
  {
    of: 'IDX that is cut off',
    make: () => files({ 'train-images-idx3-ubyte': idxFile(new Uint8Array(60), 1, 8, 8) }),
    says: 'FILE/train-images-idx3-ubyte: 1 x 8 x 8 bytes are declared, but 60 follow: it is truncated or damaged. Give the folder with',
  },
  {
    of: 'CIFAR-10 with a file missing',
    make: () => files({ 'data_batch_1.bin': new Uint8Array(3073 * 10_000) }),
    says: 'FILE/batches.meta.txt is not there. Give the archive cifar-10-binary.tar.gz or cifar-10-python.tar.gz from https://www.cs.toronto.edu/~kriz/cifar.html, or the folder unpacked from it.',
  },
  {
    of: 'CIFAR-10 that is cut off',
    make: () =>
      files({
        'batches.meta.txt': Array.from({ length: 10 }, (_, i) => `c${i}`).join('\n'),
        ...Object.fromEntries([1, 2, 3, 4, 5].map((i) => [`data_batch_${i}.bin`, new Uint8Array(3073)])),
        'test_batch.bin': new Uint8Array(3073),
      }),
    says: 'data_batch_1.bin in FILE has 3073 instead of 30730000 bytes. Give the archive cifar-10-binary.tar.gz or',
  },
]

function prefixed(split: string, perClass: number, offset: number) {
  const inner = classFolders(['a', 'b'], perClass, 8, offset)
  return Object.fromEntries(Object.entries(inner).map(([name, content]) => [`${split}/${name}`, content]))
}
function flat(images: number) {
  return Object.fromEntries(Array.from({ length: images }, (_, i) => [`${i}.png`, png(8, 8, 1, i)]))
}
function table(rows: number, header: string): string {
  return [header, ...Array.from({ length: rows }, (_, i) => `${i}.png,${i % 2 === 0 ? 'cat' : 'dog'}`)].join('\n')
}

describe.each([
  ['arrays', arrays],
  ['folders', folders],
  ['published files', published],
] as const)('what data check says of %s', (_, rows) => {
  it.each(rows)('$of: with a next step that works', async ({ make, says, flags, numpy }) => {
    const location = make()
    const error = await refusal(location)
    const said = error.commandLineMessage.replaceAll(location, 'FILE')
    // What goes on is a list of files, or words about where to get them.
    if (said.includes('\n') || says.endsWith(' or') || says.endsWith(' with'))
      expect(said.startsWith(says), said).toBe(true)
    else expect(said).toBe(says)
    if (flags !== undefined) expect((await check(location, flags)).classNames.length).toBeGreaterThan(1)
    if (numpy !== undefined && runNumpy(location, numpy)) {
      expect((await check(location)).classNames.length).toBeGreaterThan(1)
    }
  })
})

it('covers at least 40 inputs', () => {
  expect(arrays.length + folders.length + published.length).toBeGreaterThanOrEqual(40)
})

describe('a run', () => {
  it('names settings where data check names flags, in the words of the command line, too', async () => {
    const location = files({ ...classFolders(['a', 'b'], 4), 'a/large.png': png(12) })
    const request = { name: 'folders', path: location, train: 0, validation: 2, test: 0, size: null, seed: 1 }
    const errors = [
      await loadDataset(request).catch((error: unknown) => error),
      await checkDataset({ kind: 'a configuration', ...request, configured: request }).catch((error: unknown) => error),
    ]
    for (const error of errors) {
      expect(error).toBeInstanceOf(FearNasError)
      expect((error as FearNasError).commandLineMessage).toMatch(
        /Set data\.size, such as 8, to which all are resized\.$/,
      )
    }
    expect((await refusal(location)).message).toMatch(/Set data\.size, such as 8/)
  })
})
