import { readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import sharp from 'sharp'
import { describe, expect, it } from 'vitest'
import { classCounts } from '../../../src/datasets/class-balance.js'
import { loadFolders } from '../../../src/datasets/folders/load-folders.js'
import { ConfigError, DataError, type FearNasError } from '../../../src/platform/errors.js'
import { classFolders, jpegFile, pngFile, writeFiles } from '../../support/made-folders.js'
import { temporaryFolder } from '../../support/temporary-folder.js'

const folder = temporaryFolder('folders')
process.env.FEAR_NAS_CACHE = path.join(folder, 'cache')
let roots = 0
const write = (files: Readonly<Record<string, Uint8Array | string>>): string =>
  writeFiles(path.join(folder, String(roots++)), files)

async function load(root: string, wanted = {}) {
  const warnings: string[] = []
  const progress: string[] = []
  const hooks = {
    onWarning: (text: string) => warnings.push(text),
    onProgress: (_: number, text: string) => progress.push(text),
  }
  return { images: await loadFolders(root, hooks, wanted), warnings, progress }
}

async function failure(root: string, wanted = {}): Promise<FearNasError> {
  const error: unknown = await loadFolders(root, {}, wanted).catch((reason: unknown) => reason)
  if (!(error instanceof ConfigError || error instanceof DataError)) throw error
  return error
}

const grey = (value: number, size = 8): Uint8Array => pngFile(size, size, 1, (i) => value + (i % 3))
const colour = (value: number, size = 8): Uint8Array => pngFile(size, size, 3, (i) => value + (i % 3))

describe('folders', () => {
  it('reads train and test, sorted, and leaves litter alone', async () => {
    const { images, warnings } = await load(
      write({
        'train/b-dogs/2.png': grey(20),
        'train/b-dogs/10.png': grey(10),
        'train/a-cats/deep/in/x.png': grey(30),
        'train/a-cats/y.JPG': grey(40),
        'train/.hidden/z.png': 'no image',
        'train/a-cats/Thumbs.db': 'no image',
        'train/a-cats/.DS_Store': 'no image',
        '__MACOSX/train/a.png': 'no image',
        'test/a-cats/1.png': grey(50),
        'test/b-dogs/1.png': grey(60),
      }),
    )
    expect(images).toMatchObject({ classNames: ['a-cats', 'b-dogs'], channels: 1, height: 8, width: 8 })
    const firsts = (pixels: Uint8Array) => [...pixels].filter((_, i) => i % 64 === 0)
    // Files before folders; "10" before "2".
    expect([...images.train.labels]).toEqual([0, 0, 1, 1])
    expect(firsts(images.train.pixels)).toEqual([40, 30, 10, 20])
    expect(firsts(images.test.pixels)).toEqual([50, 60])
    expect(warnings).toEqual([])
  })

  it('reads one level of folders, a class called "train" among them, and sets test images aside', async () => {
    const { images, warnings } = await load(write(classFolders(['boat', 'train'], 10)))
    expect(images.classNames).toEqual(['boat', 'train'])
    expect([classCounts(images.train, 2), classCounts(images.test, 2)]).toEqual([
      [8, 8],
      [2, 2],
    ])
    expect(warnings).toEqual([expect.stringContaining('has no test images: 2 of each class, 4 of its 20 images')])
  })

  it('takes val for test where there is no test', async () => {
    const root = write({
      ...Object.fromEntries(Object.entries(classFolders(['a', 'b'], 3)).map(([name, file]) => [`train/${name}`, file])),
      ...Object.fromEntries(Object.entries(classFolders(['a', 'b'], 2)).map(([name, file]) => [`val/${name}`, file])),
    })
    expect((await load(root)).images.test.count).toBe(4)
  })

  it('reads train, validation and test, whatever they are called, and says what is what', async () => {
    const root = write({
      'Train_Set/a/1.png': grey(10),
      'Train_Set/b/1.png': grey(20),
      'valid/a/1.png': grey(30),
      'valid/b/1.png': grey(40),
      'TestImages/b/1.png': grey(50),
    })
    const firsts = (pixels: Uint8Array | undefined) => [...(pixels ?? [])].filter((_, i) => i % 64 === 0)
    const note = `${root}: training images from Train_Set, validation images from valid, test images from TestImages`
    // The second time they come from the cache.
    for (const { images, warnings } of [await load(root), await load(root)]) {
      expect([images.train, images.validation, images.test].map((split) => firsts(split?.pixels))).toEqual([
        [10, 20],
        [30, 40],
        [50],
      ])
      expect(images.validation?.labels).toEqual(Uint8Array.from([0, 1]))
      expect(warnings).toEqual([note])
    }
    const splits = { train: 'TestImages', test: 'valid' }
    expect((await failure(root, { splits })).message).toContain('it holds 1 folder, but 2 to 65536 classes')
    expect((await load(root, { splits: { train: 'valid', test: 'TestImages' } })).images).toMatchObject({
      train: { count: 2 },
      test: { count: 1 },
    })
  })

  it('says which files it passes over', async () => {
    const root = write({ ...classFolders(['a', 'b'], 4), 'a/list.txt': '1 2 3', 'readme.md': 'cats' })
    expect((await load(root)).warnings[0]).toMatch(
      /: 2 files are not images and are skipped: .*readme\.md, .*list\.txt$/,
    )
  })

  it('decodes once, and again when a file has changed', async () => {
    const root = write(classFolders(['a', 'b'], 5))
    const first = await load(root)
    expect(first.progress.at(-1)).toMatch(/^10 images of .* decoded$/)
    const again = await load(root)
    expect(again.progress).toEqual([])
    expect(Buffer.compare(again.images.train.pixels, first.images.train.pixels)).toBe(0)
    expect(again.images.classNames).toEqual(['a', 'b'])
    const file = path.join(root, 'a', '000.png')
    writeFileSync(file, grey(200))
    utimesSync(file, 1e9, 1e9)
    const changed = await load(root)
    expect(changed.progress.length).toBeGreaterThan(0)
    expect([...changed.images.train.pixels, ...changed.images.test.pixels]).toContain(202)
    rmSync(file)
    expect((await load(root)).images.train.count + (await load(root)).images.test.count).toBe(9)
  })

  it('names and counts every broken header at once, and then every image that cannot be decoded', async () => {
    const whole = readFileSync(path.join(write({ 'x.png': grey(1) }), 'x.png'))
    const root = write({
      ...classFolders(['a', 'b'], 3),
      'a/cut.png': whole.subarray(0, 50),
      'b/empty.jpg': '',
      'b/text.jpeg': 'not an image',
      'b/other.heic': '\0\0\0\x18ftypheic',
    })
    const { message, exitCode } = await failure(root)
    expect(exitCode).toBe(2)
    expect(message).toContain(`${root}: 3 of 10 images cannot be read. Repair, convert or remove them.`)
    for (const [file, reason] of [
      ['b/empty.jpg', 'it is empty'],
      ['b/text.jpeg', 'it is not a known image format'],
      ['b/other.heic', 'it is a HEIC image, which is not read'],
    ] as const) {
      expect(message).toContain(`  ${path.join(root, file)}: ${reason}`)
      rmSync(path.join(root, file))
    }
    expect((await failure(root)).message).toMatch(
      /: 1 of 7 images cannot be read\. Repair, convert or remove them\.\n {2}\S+cut\.png: it is a damaged PNG image \(/,
    )
    // What could be decoded is kept.
    rmSync(path.join(root, 'a/cut.png'))
    const { images, progress } = await load(root)
    expect(images.train.count + images.test.count).toBe(6)
    expect(progress).toEqual([])
  })

  it('turns images as their EXIF data say, and says so, also from the cache', async () => {
    const turned = await sharp(grey(40)).withMetadata({ orientation: 3 }).png().toBuffer()
    const root = write({ ...classFolders(['a', 'b'], 3), 'a/turned.png': turned })
    for (const { warnings } of [await load(root, { channels: 1 }), await load(root, { channels: 1 })]) {
      expect(warnings[0]).toBe(`${root}: 1 of 7 images are turned, as their EXIF data say`)
    }
  })

  it('reads images whatever their endings say', async () => {
    const root = write({
      ...classFolders(['a', 'b'], 3),
      'a/noending': grey(9),
      'b/picture.jpg': grey(7),
      'b/x.dat': 'x',
    })
    const { images, warnings } = await load(root)
    expect(images.train.count + images.test.count).toBe(8)
    expect(warnings[0]).toMatch(/: 1 file is not an image and is skipped: .*x\.dat$/)
  })

  it('wants a size where sizes differ, and resizes to it', async () => {
    const root = write({
      ...classFolders(['a', 'b'], 3),
      'a/large.png': grey(90, 24),
      'b/photo.jpg': await jpegFile(20, 12, 77),
    })
    const { message } = await failure(root)
    expect(message).toContain('its images have 3 sizes (6 of 8x8, 1 of 24x24, 1 of 20x12; ')
    const { images } = await load(root, { size: 12, channels: 1 })
    expect([images.channels, images.height, images.width]).toEqual([1, 12, 12])
    const both = Buffer.concat([images.train.pixels, images.test.pixels])
    expect(both.length).toBe(8 * 144)
    expect(both.includes(Buffer.alloc(144, 77)), 'the photo, stretched').toBe(true)
  })

  it('wants the channels where kinds are mixed', async () => {
    const root = write({ ...classFolders(['a', 'b'], 3), 'a/colour.png': colour(100) })
    expect((await failure(root)).message).toContain('6 of its images are grey and 1 colour (')
    expect((await load(root, { channels: 3 })).images.channels).toBe(3)
    expect((await load(root, { channels: 1 })).images.channels).toBe(1)
    expect((await load(root, { channels: 3 })).images.train.pixels.length % 192).toBe(0)
  })

  it.each([
    ['a folder that is not there', {}, /: it does not exist\. Give a folder/],
    [
      'images without folders',
      { 'a.png': grey(1) },
      /it holds images such as a\.png, but not what their classes are\. Put those of each class into a folder/,
    ],
    ['one class', { 'a/1.png': grey(1) }, /it holds 1 folder,/],
    ['folders without images', { 'a/1.txt': '', 'b/1.txt': '' }, /it holds no images/],
    [
      'a test class that is not trained on',
      { 'train/a/1.png': grey(1), 'train/b/1.png': grey(2), 'test/c/1.png': grey(3) },
      /test.c: .*train has no such class/,
    ],
    ['test alone', { 'test/a/1.png': grey(1), 'val/b/1.png': grey(2) }, /it has test and val, but no train/],
    [
      'a class of one image without test images',
      { 'a/1.png': grey(1), 'b/1.png': grey(2), 'b/2.png': grey(3) },
      /there is a single image of class a, and one is needed for training and one for the test/,
    ],
  ])('refuses %s', async (_, files, message) => {
    expect((await failure(write(files))).message).toMatch(message)
  })

  it('asks for data.path', async () => {
    await expect(loadFolders(undefined, {})).rejects.toThrow(ConfigError)
  })
})
