import { execFileSync } from 'node:child_process'
import { mkdirSync, symlinkSync } from 'node:fs'
import path from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { diskTree } from '../../../src/datasets/file-tree/disk-tree.js'
import { listImages } from '../../../src/datasets/folders/list-images.js'
import { loadFolders } from '../../../src/datasets/folders/load-folders.js'
import { DataError } from '../../../src/platform/errors.js'
import { classFolders, writeFiles } from '../../support/made-folders.js'
import { temporaryFolder } from '../../support/temporary-folder.js'

const folder = temporaryFolder('links')
process.env.FEAR_NAS_CACHE = path.join(folder, 'cache')
let roots = 0
/** A folder with an image of each of the classes. */
const write = (classes: readonly string[] = ['a', 'b'], perClass = 1): string =>
  writeFiles(path.join(folder, String(roots++)), classFolders(classes, perClass))

/** `train` and `test` around class folders. */
const writeSplit = (): string => {
  const files = Object.entries(classFolders(['a', 'b'], 2))
  return writeFiles(
    path.join(folder, String(roots++)),
    Object.fromEntries(['train', 'test'].flatMap((split) => files.map(([name, file]) => [`${split}/${name}`, file]))),
  )
}

function link(target: string, ...at: readonly string[]): string {
  const from = path.join(...at)
  symlinkSync(target, from)
  return from
}

describe('links to folders', () => {
  it('are not followed to the parent folder: two images stay two', async () => {
    const root = write()
    const up = link('..', root, 'a', 'up')
    const { train, unfollowed } = await listImages(diskTree(root))
    expect(train.map(({ file, label }) => [path.relative(root, file), label])).toEqual([
      ['a/000.png', 0],
      ['b/000.png', 1],
    ])
    expect(unfollowed).toEqual([`${up} -> ${root}`])
  })

  it('do not keep it busy where two of them lead up, and are counted in one line', async () => {
    const root = write(['a', 'b'], 4)
    const first = link('..', root, 'a', 'up')
    const links = [first, link('/', root, 'b', 'all'), link('..', root, 'b', 'up')]
    const warnings: string[] = []
    const { train } = await loadFolders(root, { onWarning: (text) => warnings.push(text) })
    expect(train.count).toBe(6)
    const named = [`${links[0]} -> ${root}`, `${links[1]} -> /`, `${links[2]} -> ${root}`]
    expect(warnings[0]).toBe(`${root}: 3 links to folders are not followed: ${named.join(', ')}`)
  })

  it('may be classes, train and test, as long as no image counts twice', async () => {
    const pool = write(['cats', 'dogs', 'eels'], 3)
    const root = write(['boats', 'cars'], 2)
    const self = link('.', root, 'self')
    const parent = link('..', root, 'whole')
    const again = link('boats', root, 'ships')
    link(path.join(pool, 'cats'), root, 'cats')
    const twice = link(path.join(pool, 'cats'), root, 'kittens')
    const { classNames, train, unfollowed } = await listImages(diskTree(root))
    expect(classNames).toEqual(['boats', 'cars', 'cats'])
    expect(train).toHaveLength(7)
    expect(unfollowed.map((text) => text.split(' -> ')[0])).toEqual([twice, self, again, parent])
    const outer = path.join(folder, String(roots++))
    mkdirSync(outer)
    link(pool, outer, 'train')
    link(write(['cats', 'dogs'], 1), outer, 'test')
    const linked = await listImages(diskTree(outer))
    expect([linked.classNames, linked.train.length, linked.test.length]).toEqual([['cats', 'dogs', 'eels'], 9, 2])
  })

  it('do not make training images of test images', async () => {
    const root = writeSplit()
    const val = link('train', root, 'val')
    const inner = link('../test/b', root, 'train', 'c')
    const { classNames, train, test, unfollowed } = await listImages(diskTree(root))
    expect([classNames, train.length, test.length]).toEqual([['a', 'b'], 4, 4])
    expect(unfollowed.map((text) => text.split(' -> ')[0])).toEqual([val, inner])
  })

  it('are named where too few classes are left', async () => {
    const root = write(['a'])
    link('a', root, 'b')
    await expect(listImages(diskTree(root))).rejects.toThrow(
      `${root}: it holds 1 folder (links that are not followed: 1, the first ${root}/b -> ${root}/a), but 2 to 65536`,
    )
  })

  it('anywhere: every image is listed exactly once', async () => {
    const places = ['.', 'a', 'a/in', 'b', 'b/in', 'c'] as const
    const links = fc.array(fc.record({ at: fc.constantFrom(...places), to: fc.constantFrom(...places, '..') }), {
      maxLength: 8,
    })
    const law = fc.asyncProperty(links, async (chosen) => {
      const root = write(['a', 'b', 'a/in', 'b/in', 'c'], 2)
      for (const [i, { at, to }] of chosen.entries()) link(path.join(root, to), root, at, `link${i}`)
      const { train } = await listImages(diskTree(root))
      expect(train.map(({ file }) => path.relative(root, file))).toEqual(
        ['a', 'a/in', 'b', 'b/in', 'c'].flatMap((name) => [`${name}/000.png`, `${name}/001.png`]),
      )
    })
    await fc.assert(law, { numRuns: 40 })
  })
})

describe('links to files', () => {
  it('are images, wherever they lead, once in each class', async () => {
    const pool = write(['pool'], 3)
    const root = write()
    link(path.join(pool, 'pool', '000.png'), root, 'a', 'one.png')
    const second = link(path.join(pool, 'pool', '000.png'), root, 'a', 'two.png')
    const own = link('000.png', root, 'a', 'zero.png')
    link(path.join(pool, 'pool', '000.png'), root, 'b', 'one.png')
    const { train, repeated } = await listImages(diskTree(root))
    expect(train.map(({ file }) => path.relative(root, file))).toEqual([
      'a/000.png',
      'a/one.png',
      'b/000.png',
      'b/one.png',
    ])
    expect(repeated.map((text) => text.split(' -> ')[0])).toEqual([second, own])
  })

  it('that lead nowhere, or round in a circle, are broken images', async () => {
    const root = write(['a', 'b'], 3)
    const lost = link('nowhere.png', root, 'a', 'lost.png')
    const round = link('round.png', root, 'b', 'round.png')
    await expect(loadFolders(root, {})).rejects.toThrow(
      new RegExp(`2 of 8 images cannot be read[^]*${lost}: ENOENT[^]*${round}: ELOOP`),
    )
  })
})

describe('the limits of a folder', () => {
  it('refuse too many files and too many folders in folders', async () => {
    const root = write(['a', 'b'], 5)
    await expect(listImages(diskTree(root), { limits: { files: 10, depth: 9 } })).rejects.toThrow(
      `${root}: it holds more than 10 files. Name a smaller folder.`,
    )
    writeFiles(root, { 'a/1/2/3/x.png': '' })
    await expect(listImages(diskTree(root), { limits: { files: 99, depth: 3 } })).rejects.toThrow(
      new DataError(`${root}/a/1/2/3: it is nested deeper than 3 folders. Name a folder of images.`),
    )
    expect((await listImages(diskTree(root), { limits: { files: 99, depth: 4 } })).train).toHaveLength(11)
  })

  it.skipIf(process.platform === 'win32')('never open a named pipe', async () => {
    const root = write()
    execFileSync('mkfifo', [path.join(root, 'a', 'pipe.png')])
    const { train, others } = await listImages(diskTree(root))
    expect([train.length, others]).toEqual([2, [path.join(root, 'a', 'pipe.png')]])
  })
})
