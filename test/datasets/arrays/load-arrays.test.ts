import { mkdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { zipSync } from 'fflate'
import { describe, expect, it } from 'vitest'
import { loadArrays } from '../../../src/datasets/arrays/load-arrays.js'
import { classCounts } from '../../../src/datasets/class-balance.js'
import { ConfigError, DataError } from '../../../src/platform/errors.js'
import { bytesNpy, floatsNpy, npyFile, stripedImages } from '../../support/made-arrays.js'
import { temporaryFolder } from '../../support/temporary-folder.js'

const folder = temporaryFolder('arrays')
/** Made by `fixtures/make-arrays.py` with NumPy 2.4.6. */
const fixture = JSON.parse(readFileSync(path.join(import.meta.dirname, '../fixtures/arrays.json'), 'utf8')) as {
  readonly savez: string
  readonly savez_compressed: string
  readonly refused: Readonly<Record<'objects' | 'object_texts', string>>
}

let files = 0
/** An `.npz` file of these arrays. */
function npz(arrays: Readonly<Record<string, Uint8Array>>): string {
  const file = path.join(folder, `${files++}.npz`)
  writeFileSync(file, zipSync(Object.fromEntries(Object.entries(arrays).map(([name, npy]) => [`${name}.npy`, npy]))))
  return file
}

function write(base64: string): string {
  const file = path.join(folder, `${files++}.npz`)
  writeFileSync(file, Buffer.from(base64, 'base64'))
  return file
}

async function failure(file: string, wanted = {}): Promise<string> {
  const error: unknown = await loadArrays(file, {}, wanted).catch((reason: unknown) => reason)
  expect(error).toBeInstanceOf(DataError)
  return (error as Error).message
}

const { pixels, labels } = stripedImages(12, 3, 1, 5, 6)
const labelsNpy = bytesNpy(labels, 12)
/** `[n, c, h, w]` to `[n, h, w, c]`. */
function channelsLast(planar: Uint8Array, n: number, c: number, h: number, w: number): Uint8Array {
  const out = new Uint8Array(planar.length)
  let to = 0
  for (let i = 0; i < n; i++)
    for (let p = 0; p < h * w; p++) for (let k = 0; k < c; k++) out[to++] = planar[(i * c + k) * h * w + p] as number
  return out
}

describe('arrays', () => {
  it('reads what numpy.savez wrote, with labels of any numbers, and sets test images aside', async () => {
    const warnings: string[] = []
    const images = await loadArrays(write(fixture.savez), { onWarning: (text) => warnings.push(text) })
    expect(images).toMatchObject({ classNames: ['-5', '7', '1000'], channels: 3, height: 5, width: 5 })
    expect([images.train.count, images.test.count]).toEqual([3, 3])
    expect(classCounts(images.test, 3)).toEqual([1, 1, 1])
    expect(warnings).toEqual([expect.stringMatching(/has no test images: 1 of each class, 3 of its 6 images/)])
    // Every image is there once: the red planes begin with 0, 525 mod 256...
    const length = 75
    const firsts = [images.train, images.test].flatMap(({ pixels: p, count }) =>
      Array.from({ length: count }, (_, i) => p[i * length] as number),
    )
    expect(firsts.sort((a, b) => a - b)).toEqual([0, 1, 2, 3, 4, 5].map((i) => (i * 525) % 256).sort((a, b) => a - b))
  })

  it('reads what numpy.savez_compressed wrote, by the names in Keras', async () => {
    const warnings: string[] = []
    const images = await loadArrays(write(fixture.savez_compressed), { onWarning: (text) => warnings.push(text) })
    expect([images.train.count, images.test.count]).toEqual([6, 3])
    expect([...images.train.labels]).toEqual([0, 2, 0, 1, 2, 1])
    expect([...images.test.labels]).toEqual([0, 2, 1])
    // Pixel (0, 1) of image 0 is 7 * (3, 4, 5).
    expect([1, 26, 51].map((i) => images.train.pixels[i])).toEqual([21, 28, 35])
    expect(warnings).toEqual([])
  })

  it('gives the same images whatever the layout, the order and the type', async () => {
    const { pixels: colour } = stripedImages(12, 3, 3, 5, 6)
    const last = channelsLast(colour, 12, 3, 5, 6)
    const fortran = (data: Uint8Array, shape: readonly number[]): Uint8Array => {
      const out = new Uint8Array(data.length)
      for (let i = 0; i < data.length; i++) {
        let rest = i
        const index = shape.toReversed().map((length) => {
          const at = rest % length
          rest = Math.floor(rest / length)
          return at
        })
        let to = 0
        let step = 1
        for (const [axis, length] of shape.entries()) {
          to += step * (index[shape.length - 1 - axis] as number)
          step *= length
        }
        out[to] = data[i] as number
      }
      return out
    }
    const shape = [12, 5, 6, 3]
    const doubles = Float64Array.from(last)
    const swapped = Buffer.from(doubles.buffer.slice(0)).swap64()
    const test = { testLabels: labelsNpy }
    const all = [
      { images: bytesNpy(colour, 12, 3, 5, 6), testImages: bytesNpy(last, ...shape) },
      { images: bytesNpy(last, ...shape), testImages: bytesNpy(colour, 12, 3, 5, 6) },
      {
        images: npyFile(fortran(last, shape), { descr: '|u1', shape, fortran: true }),
        testImages: bytesNpy(last, ...shape),
      },
      {
        images: floatsNpy(
          Float32Array.from(last, (v) => v / 255),
          ...shape,
        ),
        testImages: floatsNpy(
          Float32Array.from(last, (v) => v / 255),
          ...shape,
        ),
      },
      { images: floatsNpy(Float32Array.from(last), ...shape), testImages: bytesNpy(last, ...shape) },
      { images: npyFile(swapped, { descr: '>f8', shape }), testImages: bytesNpy(last, ...shape) },
      {
        images: npyFile(new Uint8Array(Int32Array.from(last).buffer), { descr: '<i4', shape }),
        testImages: bytesNpy(last, ...shape),
      },
    ]
    for (const arrays of all) {
      const {
        train,
        test: tested,
        channels,
        height,
        width,
      } = await loadArrays(npz({ ...arrays, ...test, labels: labelsNpy }), {})
      expect([channels, height, width]).toEqual([3, 5, 6])
      expect(Buffer.compare(train.pixels, colour)).toBe(0)
      expect(Buffer.compare(tested.pixels, colour)).toBe(0)
    }
  })

  it('reads a folder of .npy files', async () => {
    const data = path.join(folder, 'as-files')
    mkdirSync(data)
    writeFileSync(path.join(data, 'images.npy'), bytesNpy(pixels, 12, 5, 6))
    writeFileSync(path.join(data, 'labels.npy'), labelsNpy)
    writeFileSync(path.join(data, 'test_images.npy'), bytesNpy(pixels, 12, 5, 6))
    writeFileSync(path.join(data, 'test_labels.npy'), labelsNpy)
    writeFileSync(path.join(data, 'notes.txt'), 'not an array')
    const images = await loadArrays(data, {})
    expect([images.channels, images.height, images.width, images.test.count]).toEqual([1, 5, 6, 12])
    expect(await failure(path.join(data, 'images.npy'))).toContain('one .npy file is not a data set. Name its folder.')
  })

  describe('of values in several ranges', () => {
    const whole = Float32Array.from(pixels)
    const fractions = Float32Array.from(pixels, (v) => v / 255)
    const read = async (train: Float32Array, test: Float32Array) => {
      const warnings: string[] = []
      const arrays = { x_train: floatsNpy(train, 12, 5, 6), x_test: floatsNpy(test, 12, 5, 6) }
      const file = npz({ ...arrays, y_train: labelsNpy, y_test: labelsNpy })
      return { images: await loadArrays(file, { onWarning: (text) => warnings.push(text) }), warnings, file }
    }

    it.each([
      ['training images in 0..1 beside test images in 0..255', fractions, whole],
      ['training images in 0..255 beside test images in 0..1', whole, fractions],
    ])('scales each by its own: %s', async (_, train, test) => {
      const { images } = await read(train, test)
      expect(Buffer.compare(images.train.pixels, pixels)).toBe(0)
      expect(Buffer.compare(images.test.pixels, pixels)).toBe(0)
    })

    it('accepts values a little beyond the range, and counts those that rounding does not explain', async () => {
      const rounded = fractions.with(3, 1.0000001).with(4, -1e-7)
      const { images, warnings } = await read(rounded, fractions)
      expect([...images.train.pixels.subarray(3, 5), images.train.pixels[5]]).toEqual([255, 0, pixels[5]])
      expect(warnings).toEqual([])
      const beyond = await read(fractions.with(3, 1.05).with(4, -0.02), whole.with(0, 261.5))
      expect([...beyond.images.train.pixels.subarray(3, 5), beyond.images.test.pixels[0]]).toEqual([255, 0, 255])
      expect(beyond.warnings.map((text) => text.replace(beyond.file, 'FILE'))).toEqual([
        'FILE: x_train: 2 of 360 values lie beyond 0..1 and are cut off there',
        'FILE: x_test: 1 of 360 values lie beyond 0..255 and are cut off there',
      ])
    })

    it('refuses fractions that rounding would destroy, and keeps whole numbers', async () => {
      const twice = fractions.map((v) => 2 * v)
      await expect(read(twice, twice)).rejects.toThrow(
        /x_train: its values run from 0 to 1\.\d+ and are not whole numbers, .* Divide them by the value of white, such as x \/ 2\.$/,
      )
      // As the digits of scikit-learn.
      const digits = whole.map((v) => v % 17)
      expect([...(await read(digits, digits)).images.train.pixels]).toEqual([...digits])
    })

    it('refuses test images on another scale than the training images', async () => {
      await expect(
        read(
          whole,
          whole.map((v) => v % 3),
        ),
      ).rejects.toThrow(
        /x_test: its brightest pixel is 2 of 255, that of the training images \d{3}: they are not on the same scale/,
      )
    })
  })

  describe('of labels in several forms', () => {
    const images = bytesNpy(pixels, 12, 5, 6)
    const names = Array.from(labels, (label) => ['dog', 'cat', 'owl'][label] as string)
    const texts = npyFile(Buffer.from(names.map((name) => [...name].map((c) => `${c}\0\0\0`).join('')).join('')), {
      descr: '<U3',
      shape: [12],
    })
    const oneHot = Uint8Array.from({ length: 36 }, (_, i) => (labels[Math.floor(i / 3)] === i % 3 ? 1 : 0))

    it.each([
      ['N x 1', bytesNpy(labels, 12, 1)],
      ['1 x N', bytesNpy(labels, 1, 12)],
      ['one-hot', bytesNpy(oneHot, 12, 3)],
    ])('reads %s', async (_, array) => {
      const { train, test } = await loadArrays(npz({ images, labels: array, x_test: images, y_test: labelsNpy }), {})
      expect(train.labels).toEqual(Uint8Array.from(labels))
      expect(test.labels).toEqual(Uint8Array.from(labels))
    })

    it('reads texts, which are the names of the classes', async () => {
      const { classNames, train } = await loadArrays(npz({ images, labels: texts, x_test: images, y_test: texts }), {})
      expect(classNames).toEqual(['cat', 'dog', 'owl'])
      expect(Array.from(train.labels, (label) => classNames[label])).toEqual(names)
    })
  })

  describe('of axes in several orders', () => {
    const { pixels: colour } = stripedImages(12, 3, 3, 5, 5)
    /** `[n, c, h, w]` to `[h, w, c, n]`. */
    const lastImages = Uint8Array.from({ length: colour.length }, (_, i) => {
      const [n, c, x, y] = [i % 12, Math.floor(i / 12) % 3, Math.floor(i / 36) % 5, Math.floor(i / 180)]
      return colour[((n * 3 + c) * 5 + y) * 5 + x] as number
    })
    it.each([
      ['H x W x C x N, as in SVHN', bytesNpy(lastImages, 5, 5, 3, 12), {}],
      ['N x D of three planes', bytesNpy(colour, 12, 75), { layout: 'nchw' }],
      ['N x D of pixels', bytesNpy(channelsLast(colour, 12, 3, 5, 5), 12, 75), { layout: 'nhwc' }],
    ] as const)('reads %s', async (_, array, wanted) => {
      const file = npz({ X: array, y: labelsNpy, x_test: array, y_test: labelsNpy })
      const { train, test } = await loadArrays(file, {}, wanted)
      expect(Buffer.compare(train.pixels, colour)).toBe(0)
      expect(Buffer.compare(test.pixels, colour)).toBe(0)
    })

    it('reads grey images as rows of pixels, and asks where colours may be anywhere', async () => {
      const grey = stripedImages(12, 3, 1, 5, 5).pixels
      const test = { x_test: bytesNpy(grey, 12, 5, 5), y_test: labelsNpy }
      const flat = await loadArrays(npz({ data: bytesNpy(grey, 12, 25), target: labelsNpy, ...test }), {})
      expect(Buffer.compare(flat.train.pixels, grey)).toBe(0)
      expect(await failure(npz({ data: bytesNpy(colour, 12, 75), target: labelsNpy }))).toContain(
        'data: 12 x 75 may be colour images of 5 x 5. Set data.layout to nchw (red, green and blue plane, as in CIFAR) or nhwc',
      )
    })
  })

  it('reads validation images, by the names of MedMNIST, and takes them for the test where there is none', async () => {
    const images = (from: number) =>
      bytesNpy(
        pixels.map((v) => Math.min(255, v + from)),
        12,
        5,
        6,
      )
    const warnings: string[] = []
    const arrays = { train_images: images(0), train_labels: labelsNpy, val_images: images(1), val_labels: labelsNpy }
    const all = await loadArrays(npz({ ...arrays, test_images: images(2), test_labels: labelsNpy }), {})
    expect([all.train, all.validation, all.test].map((split) => split?.pixels[1])).toEqual(
      [0, 1, 2].map((from) => (pixels[1] as number) + from),
    )
    const two = await loadArrays(npz(arrays), { onWarning: (text) => warnings.push(text) })
    expect([two.validation, two.test.pixels[1]]).toEqual([undefined, (pixels[1] as number) + 1])
    expect(warnings).toEqual([expect.stringMatching(/no test images: the validation images take their place$/)])
  })

  it('names arrays that it does not use', async () => {
    const warnings: string[] = []
    await loadArrays(
      npz({ images: bytesNpy(pixels, 12, 5, 6), labels: labelsNpy, val_images: bytesNpy(pixels, 12, 5, 6) }),
      {
        onWarning: (text) => warnings.push(text),
      },
    )
    expect(warnings[0]).toMatch(/not used: val_images$/)
  })

  it('sets the same images aside every time, of each class as many, by the share', async () => {
    const many = stripedImages(90, 3, 1, 4, 4)
    const file = npz({ images: bytesNpy(many.pixels, 90, 4, 4), labels: bytesNpy(many.labels, 90) })
    const [a, b, larger] = [
      await loadArrays(file, {}),
      await loadArrays(file, {}),
      await loadArrays(file, {}, { testShare: 0.5 }),
    ]
    expect(Buffer.compare(a.test.pixels, b.test.pixels)).toBe(0)
    expect(classCounts(a.test, 3)).toEqual([6, 6, 6])
    expect(classCounts(larger.test, 3)).toEqual([15, 15, 15])
    expect(larger.train.count).toBe(45)
    const numbers = [...a.train.pixels, ...a.test.pixels].filter((_, i) => i % 16 === 0)
    expect(numbers.sort((x, y) => x - y)).toEqual(Array.from({ length: 90 }, (_, i) => i))
  })

  it.each([
    [
      'no labels',
      { images: bytesNpy(pixels, 12, 5, 6) },
      /it has no labels \(it has images\)\. Name the arrays of images and labels so: python3 -c/,
    ],
    ['no arrays', {}, /it has no \.npy files\. For folders of images set data\.name to folders\./],
    [
      'a part named twice',
      { x: labelsNpy, images: labelsNpy, labels: labelsNpy },
      /x and images both match images|images and x both match images/,
    ],
    [
      'test images alone',
      { images: labelsNpy, labels: labelsNpy, x_test: labelsNpy },
      /it has testImages, but no testLabels/,
    ],
    [
      'flat images that are not square',
      { images: bytesNpy(pixels, 12, 30), labels: labelsNpy },
      /expected images as N x H x W.*, got 12 x 30, which are no square images either/,
    ],
    [
      'channels in doubt',
      { images: bytesNpy(new Uint8Array(12 * 3 * 8 * 3), 12, 3, 8, 3), labels: labelsNpy },
      /either end of it may be the channels\. Set data\.layout/,
    ],
    [
      'no channels in sight',
      { images: bytesNpy(new Uint8Array(12 * 512), 12, 8, 8, 8), labels: labelsNpy },
      /are volumes, or images of 8 channels\./,
    ],
    [
      'too few labels',
      { images: bytesNpy(pixels, 12, 5, 6), labels: bytesNpy(labels.subarray(1), 11) },
      /it has 11 labels for 12 images/,
    ],
    [
      'one-hot labels',
      { images: bytesNpy(pixels, 12, 5, 6), labels: bytesNpy(new Uint8Array(36), 12, 3) },
      /of which row 0 has no ones.* keep = labels\.sum\(1\) == 1/,
    ],
    [
      'one class',
      { images: bytesNpy(pixels, 12, 5, 6), labels: bytesNpy(new Uint8Array(12), 12) },
      /all labels are 0, but at least 2 classes are needed/,
    ],
    [
      'signed bytes',
      {
        images: npyFile(new Uint8Array(Int8Array.from({ length: 360 }, (_, i) => (i % 256) - 128).buffer), {
          descr: '|i1',
          shape: [12, 5, 6],
        }),
        labels: bytesNpy(labels, 12),
      },
      /\(\(x\.astype\(float\) \+ 128\) \/ 256 \* 255\)\.astype\('uint8'\)/,
    ],
    [
      'normalised images',
      {
        images: floatsNpy(
          Float32Array.from(pixels, (v) => v / 128 - 1),
          12,
          5,
          6,
        ),
        labels: labelsNpy,
      },
      /run from -1 to 0\.\d+, but pixels must be in 0\.\.255 or 0\.\.1/,
    ],
    [
      'a missing value',
      { images: floatsNpy(new Float32Array(360).fill(Number.NaN, 7, 8), 12, 5, 6), labels: labelsNpy },
      /element 7 is not a number/,
    ],
    [
      'half a label',
      {
        images: bytesNpy(pixels, 12, 5, 6),
        labels: floatsNpy(
          Float32Array.from(labels, (v) => v / 2),
          12,
        ),
      },
      /label 1 is 0\.5, not a whole number/,
    ],
    [
      'a foreign test label',
      {
        images: bytesNpy(pixels, 12, 5, 6),
        labels: labelsNpy,
        testImages: bytesNpy(pixels, 12, 5, 6),
        testLabels: bytesNpy(
          labels.map((l) => l + 1),
          12,
        ),
      },
      /label 2 is 3, which no training image has/,
    ],
    [
      'test images of another size',
      {
        images: bytesNpy(pixels, 12, 5, 6),
        labels: labelsNpy,
        testImages: bytesNpy(pixels, 12, 6, 5),
        testLabels: labelsNpy,
      },
      /its images have 1 x 6 x 5, the training images 1 x 5 x 6/,
    ],
  ])('refuses %s, naming the file', async (_, arrays, message) => {
    const file = npz(arrays)
    const text = await failure(file)
    expect(text.startsWith(file)).toBe(true)
    expect(text).toMatch(message)
  })

  it('refuses Python objects, and says what to write for labels and for images', async () => {
    const [objects, texts] = [fixture.refused.objects, fixture.refused.object_texts].map((text) =>
      Buffer.from(text, 'base64'),
    )
    const bytes = bytesNpy(pixels, 12, 5, 6)
    const labels = npz({ images: bytes, labels: texts as Buffer })
    expect(await failure(labels)).toBe(
      `${labels}: labels: it holds Python objects, not numbers or texts. Convert them before you save them: ` +
        'labels.astype(str) for texts, labels.astype(int) for numbers.',
    )
    const images = path.join(folder, 'objects')
    mkdirSync(images)
    writeFileSync(path.join(images, 'images.npy'), objects as Buffer)
    writeFileSync(path.join(images, 'labels.npy'), labelsNpy)
    expect(await failure(images)).toBe(
      `${path.join(images, 'images.npy')}: it holds Python objects, not numbers or texts. Convert them before you save them: ` +
        'np.stack(images).',
    )
  })

  it('refuses more than 4 GiB without reading them, and says how to make them smaller', async () => {
    const large = path.join(folder, 'large')
    mkdirSync(large)
    const images = path.join(large, 'images.npy')
    writeFileSync(images, npyFile(new Uint8Array(0), { descr: '<f4', shape: [2 ** 21, 32, 32] }))
    truncateSync(images, 128 + 2 ** 33)
    writeFileSync(path.join(large, 'labels.npy'), labelsNpy)
    expect(await failure(large)).toBe(
      `${images} has 8589934720 bytes, more than the limit of 4294967295. Save images as bytes, x.astype("uint8") or, from ` +
        '0..1, (255 * x).round().astype("uint8"), or save fewer.',
    )
  })

  it('takes the layout from its setting where the shape leaves a doubt', async () => {
    const file = npz({ images: bytesNpy(new Uint8Array(12 * 3 * 8 * 3), 12, 3, 8, 3), labels: labelsNpy })
    expect(await loadArrays(file, {}, { layout: 'nchw' })).toMatchObject({ channels: 3, height: 8, width: 3 })
    expect(await loadArrays(file, {}, { layout: 'nhwc' })).toMatchObject({ channels: 3, height: 3, width: 8 })
  })

  it('refuses a damaged file, and one that is not there', async () => {
    const file = npz({ images: bytesNpy(pixels, 12, 5, 6), labels: labelsNpy })
    const bytes = readFileSync(file)
    writeFileSync(file, bytes.subarray(0, bytes.length - 30))
    expect(await failure(file)).toContain('it is not a ZIP archive, or it is truncated')
    expect(await failure(path.join(folder, 'nowhere.npz'))).toContain(
      'nowhere.npz: it does not exist. Give an .npz file',
    )
    await expect(loadArrays(undefined, {})).rejects.toThrow(ConfigError)
  })
})
