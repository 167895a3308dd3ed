import { readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { zipSync } from 'fflate'
import { describe, expect, it } from 'vitest'
import type { Split } from '../../src/datasets/dataset.js'
import { recognise } from '../../src/datasets/inspect/recognise.js'
import { rawImagesLoader } from '../../src/datasets/registry.js'
import { messageOf } from '../../src/platform/message-of.js'
import { runAdvised } from '../support/advised-line.js'
import { bytesNpy } from '../support/made-arrays.js'
import { pngFile, writeFiles } from '../support/made-folders.js'
import { writeMnist } from '../support/published-idx.js'
import { temporaryFolder } from '../support/temporary-folder.js'

const folder = temporaryFolder('public-sets')
process.env.FEAR_NAS_CACHE = path.join(folder, 'cache')
const at = (name: string): string => path.join(folder, name)

/** Reads what is at a path, as recognised. */
async function read(location: string) {
  const { name, path: found } = await recognise(location)
  const request = { path: found, train: 0, test: 0, size: null, settings: {} }
  return { name, raw: await rawImagesLoader({ name })(request, {}) }
}
const refusal = (location: string): Promise<string> =>
  read(location).then(
    () => '',
    (error: unknown) => messageOf(error),
  )
/** A picture that tells its number and its class in the first two pixels. */
const picture = (i: number, label: number, channels = 3): Uint8Array =>
  pngFile(8, 8, channels, (at) => (at < channels ? i : at < 2 * channels ? label : (at * 7 + i) % 256))
const many = (names: (label: number, i: number) => string, classes: number, images: number) =>
  Object.fromEntries(
    Array.from({ length: classes * images }, (_, k) => {
      const [label, i] = [Math.floor(k / images), k % images]
      return [names(label, i), picture(i, label)] as const
    }),
  )
const counts = ({ train, validation, test }: { train: Split; validation?: Split | undefined; test: Split }) => [
  train.count,
  validation?.count ?? 0,
  test.count,
]

describe("scikit-learn's digits", () => {
  const { files, pixels, labels } = JSON.parse(readFileSync('test/datasets/fixtures/digits.json', 'utf8')) as {
    readonly files: Readonly<Record<string, string>>
    readonly pixels: Readonly<Record<string, string>>
    readonly labels: readonly number[]
  }
  const write = (name: string): string => {
    const file = at(`digits-${name}.npz`)
    writeFileSync(file, Buffer.from(files[name] ?? '', 'base64'))
    return file
  }
  /** Images with their labels in front, sorted: some are set aside for the test. */
  const sorted = (parts: readonly Split[]): readonly string[] =>
    parts
      .flatMap(({ count, pixels: p, labels: l }) =>
        Array.from(
          { length: count },
          (_, i) => `${l[i]} ${Buffer.from(p.subarray(i * 64, (i + 1) * 64)).toString('hex')}`,
        ),
      )
      .sort()
  const expected = (name: string): readonly string[] => {
    const bytes = new Uint8Array(Buffer.from(pixels[name] ?? '', 'base64'))
    return sorted([{ count: labels.length, pixels: bytes, labels: Uint8Array.from(labels) }])
  }

  it.each([
    ['data', 'as they are'],
    ['images', 'as they are'],
    ['bytes', 'bytes'],
  ])('equal NumPy in every pixel: np.savez of %s', async (name, values) => {
    const { raw } = await read(write(name))
    expect(sorted([raw.train, raw.test])).toEqual(expected(values))
  })

  it('with data and images are refused with the line that keeps one, which works', async () => {
    const message = await refusal(write('both'))
    expect(message).toMatch(/digits-both\.npz: data and images both match images\. Keep one of them: python3 -c /)
    if (!runAdvised(message)) return
    const { raw } = await read(at('digits-both-images-labels.npz'))
    expect(sorted([raw.train, raw.test])).toEqual(expected('as they are'))
  })
})

describe('MedMNIST', () => {
  const labels = (count: number, columns: number): Uint8Array =>
    bytesNpy(
      Uint8Array.from({ length: count * columns }, (_, i) => (columns === 1 ? i % 3 : Number(i % 5 === 0))),
      count,
      columns,
    )
  const values = (length: number): Uint8Array => Uint8Array.from({ length }, (_, i) => (i * 31) % 251)
  const write = (name: string, columns: number, ...shape: readonly number[]): string => {
    const length = shape.reduce((product, side) => product * side, 1)
    const parts = { train: 12, val: 6, test: 9 }
    const arrays = Object.entries(parts).flatMap(([split, count]) => [
      [`${split}_images.npy`, bytesNpy(values(count * length), count, ...shape)] as const,
      [`${split}_labels.npy`, labels(count, columns)] as const,
    ])
    writeFileSync(at(name), zipSync(Object.fromEntries(arrays)))
    return at(name)
  }

  it('in grey is read with its validation and test images', async () => {
    const { raw } = await read(write('pneumoniamnist.npz', 1, 28, 28))
    expect(counts(raw)).toEqual([12, 6, 9])
    expect(raw.train.pixels).toEqual(values(12 * 784))
    expect([...(raw.validation?.labels ?? [])]).toEqual([0, 1, 2, 0, 1, 2])
  })

  it('in colour is read', async () => {
    const { raw } = await read(write('pathmnist.npz', 1, 28, 28, 3))
    expect([raw.channels, raw.height, ...counts(raw)]).toEqual([3, 28, 12, 6, 9])
    // Channels last become planes.
    expect([0, 784, 1568].map((i) => raw.train.pixels[i])).toEqual([0, 31, 62])
  })

  it('with several labels an image is refused with the line to write', async () => {
    expect(await refusal(write('chestmnist.npz', 14, 28, 28))).toMatch(
      /chestmnist\.npz: train_labels: expected one label per image, got 12 x 14, of which row 0 has 3 ones: .* keep = labels\.sum\(1\) == 1, then images\[keep\] and labels\[keep\]\.$/,
    )
  })

  it('of volumes is refused as such', async () => {
    expect(await refusal(write('organmnist3d.npz', 1, 28, 28, 28))).toMatch(
      /organmnist3d\.npz: train_images: 12 x 28 x 28 x 28 are volumes, or images of 28 channels\. Save a slice of each volume, such as x\[:, 14\], or set/,
    )
  })
})

describe("torchvision's folders", () => {
  it.each([
    ['MNIST', 'mnist'],
    ['KMNIST', 'mnist'],
    ['EMNIST', 'mnist'],
    ['FashionMNIST', 'fashion-mnist'],
  ])('%s/raw is read from the root', async (name, dataset) => {
    writeMnist(at(`tv-${name}/${name}/raw`), false)
    const { name: found, raw } = await read(at(`tv-${name}`))
    expect([found, ...counts(raw)]).toEqual([dataset, 200, 0, 100])
  })

  it.each<readonly [string, Readonly<Record<string, Uint8Array | string>>, string, readonly number[], string]>([
    [
      'ImageFolder',
      { ...many((l, i) => `train/c${l}/${i}.png`, 2, 4), ...many((l, i) => `val/c${l}/${i + 50}.png`, 2, 2) },
      '',
      [8, 0, 4],
      'c0 c1',
    ],
    [
      'Imagenette',
      {
        ...many((l, i) => `imagenette2/train/n0${l}/${i}.png`, 2, 4),
        ...many((l, i) => `imagenette2/val/n0${l}/${i + 50}.png`, 2, 2),
      },
      '',
      [8, 0, 4],
      'n00 n01',
    ],
    ['EuroSAT', many((l, i) => `eurosat/2750/${['Forest', 'River'][l]}/${i}.png`, 2, 5), '', [8, 0, 2], 'Forest River'],
    [
      'Caltech-101',
      many((l, i) => `101_ObjectCategories/${['accordion', 'ant'][l]}/image_${i}.png`, 2, 5),
      '101_ObjectCategories',
      [8, 0, 2],
      'accordion ant',
    ],
    [
      'class folders of numbers',
      { ...many((l, i) => `training/${l}/${i}.png`, 10, 3), ...many((l, i) => `testing/${l}/${i + 50}.png`, 10, 1) },
      '',
      [30, 0, 10],
      '0 1 2 3 4 5 6 7 8 9',
    ],
  ])('%s is read', async (name, files, inner, expected, classes) => {
    const root = writeFiles(at(`tv-${name}`), files)
    const { raw } = await read(path.join(root, inner))
    expect(counts(raw)).toEqual(expected)
    expect(raw.classNames.join(' ')).toBe(classes)
    // Every picture of the training images is that of its class.
    for (let i = 0; i < raw.train.count; i++) expect(raw.train.pixels[i * 192 + 1]).toBe(raw.train.labels[i])
  })

  const splitLists = (line: (label: number, i: number) => string, from: number, to: number): string =>
    [0, 1].flatMap((l) => Array.from({ length: to - from }, (_, k) => `${line(l, from + k)}\n`)).join('')
  it.each<readonly [string, Readonly<Record<string, Uint8Array | string>>, string, string]>([
    [
      'food-101',
      {
        ...many((l, i) => `images/${['apple_pie', 'waffles'][l]}/${i}.jpg`, 2, 6),
        'meta/train.txt': splitLists((l, i) => `${['apple_pie', 'waffles'][l]}/${i}`, 0, 4),
        'meta/test.txt': splitLists((l, i) => `${['apple_pie', 'waffles'][l]}/${i}`, 4, 6),
      },
      'Food-101',
      '-split',
    ],
    [
      'oxford-iiit-pet',
      {
        ...many((l, i) => `images/${['Abyssinian', 'great_pyrenees'][l]}_${i}.jpg`, 2, 6),
        'annotations/trainval.txt': splitLists((l, i) => `${['Abyssinian', 'great_pyrenees'][l]}_${i} 1 1 1`, 0, 4),
        'annotations/test.txt': splitLists((l, i) => `${['Abyssinian', 'great_pyrenees'][l]}_${i} 1 1 1`, 4, 6),
      },
      'Oxford-IIIT Pet',
      '-split',
    ],
    [
      'CUB_200_2011',
      {
        ...many((l, i) => `images/00${l + 1}.Bird/${i}.jpg`, 2, 6),
        'images.txt': Array.from({ length: 12 }, (_, k) =>
          `${k + 1} images`.replace('images', `00${Math.floor(k / 6) + 1}.Bird/${k % 6}.jpg`),
        ).join('\n'),
        'train_test_split.txt': Array.from({ length: 12 }, (_, k) => `${k + 1} ${Number(k % 6 < 4)}`).join('\n'),
        'image_class_labels.txt': '1 1\n',
      },
      'CUB-200 (birds)',
      '/split',
    ],
    [
      'gtsrb',
      {
        ...many((l, i) => `GTSRB/Training/0000${l}/0000${i}_00000.ppm`, 2, 4),
        'GTSRB/Training/00000/GT-00000.csv': 'Filename;Width;Height;ClassId\n',
        ...many((l, i) => `GTSRB/Final_Test/Images/0000${2 * i + l}.ppm`, 2, 2),
        'GT-final_test.csv': `Filename;Width;Height;Roi.X1;ClassId\n${[0, 1, 2, 3].map((i) => `0000${i}.ppm;8;8;1;${i % 2}\n`).join('')}`,
      },
      'GTSRB (German traffic signs)',
      '-split',
    ],
  ])('%s is named, and read after the line', async (name, files, title, made) => {
    const root = writeFiles(at(name), files)
    const message = await refusal(root)
    expect(message.startsWith(`${root}: it is ${title}. Copy its images to a folder for each class: `), message).toBe(
      true,
    )
    if (!runAdvised(message)) return
    const { raw } = await read(`${root}${made}`)
    expect(counts(raw)).toEqual([8, 0, 4])
    for (let i = 0; i < raw.train.count; i++) expect(raw.train.pixels[i * 192 + 1]).toBe(raw.train.labels[i])
  })

  it('stl10_binary is named, and equals its planes, turned, after the line', async () => {
    const plane = 96 * 96
    const images = (count: number): Uint8Array =>
      Uint8Array.from({ length: count * 3 * plane }, (_, i) => (i * 13) % 253)
    const labels = (count: number): Uint8Array => Uint8Array.from({ length: count }, (_, i) => 1 + (i % 2))
    const root = writeFiles(at('stl/stl10_binary'), {
      'train_X.bin': images(4),
      'train_y.bin': labels(4),
      'test_X.bin': images(2),
      'test_y.bin': labels(2),
      'class_names.txt': 'a\nb\n',
    })
    const message = await refusal(path.dirname(root))
    expect(message).toContain('it is STL-10, binary version. Convert it to arrays: python3 -c')
    if (!runAdvised(message)) return
    const { raw } = await read(`${root}.npz`)
    expect([raw.channels, raw.height, ...counts(raw)]).toEqual([3, 96, 4, 0, 2])
    // Its columns come first.
    expect(raw.train.pixels[1]).toBe(images(1)[96])
  })

  it.each([
    [
      'caltech101',
      { '101_ObjectCategories/ant/1.jpg': '', 'Annotations/ant/a.mat': '' },
      'Caltech-101',
      '101_ObjectCategories',
    ],
    ['dtd', { 'images/dotted/1.jpg': '', 'labels/train1.txt': '' }, 'DTD (textures)', 'images'],
    ['dogs', { 'Images/n02-Husky/1.jpg': '', 'Annotation/n02-Husky/1': '' }, 'Stanford Dogs', 'Images'],
  ])('%s: the folder to name is named', async (name, files, title, inner) => {
    const root = writeFiles(at(name), files as Readonly<Record<string, string>>)
    expect(await refusal(root)).toBe(
      `${root}: it is ${title}. Name the folder of its class folders: ${path.join(root, inner)}`,
    )
  })

  it('Flowers102 is named with its line', async () => {
    const root = writeFiles(at('flowers-102'), { 'jpg/image_00001.jpg': '', 'imagelabels.mat': '', 'setid.mat': '' })
    expect(await refusal(root)).toMatch(
      /: it is Oxford 102 Flowers\. Copy its images to a folder for each class: python3 -c /,
    )
  })
})
