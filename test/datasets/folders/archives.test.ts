import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { zipSync } from 'fflate'
import { describe, expect, it } from 'vitest'
import { openTree } from '../../../src/datasets/file-tree/open-tree.js'
import { zipTree } from '../../../src/datasets/file-tree/zip-tree.js'
import { listImages } from '../../../src/datasets/folders/list-images.js'
import { loadFolders } from '../../../src/datasets/folders/load-folders.js'
import { recognise } from '../../../src/datasets/inspect/recognise.js'
import { pngFile, writeFiles } from '../../support/made-folders.js'
import { temporaryFolder } from '../../support/temporary-folder.js'

const folder = temporaryFolder('archives')
const cache = path.join(folder, 'cache')
process.env.FEAR_NAS_CACHE = cache

/** Longer than the 100 bytes that the oldest tar format has for it. */
const long = `${'a long name '.repeat(12)}end.png`
const image = (i: number) => pngFile(8, 8, 3, (j) => (i * 37 + j * 11) % 256)
const files = Object.fromEntries(
  ['train', 'test'].flatMap((split, s) =>
    ['cat', 'dög'].flatMap((name, c) => [
      ...Array.from({ length: 4 }, (_, i) => [`${split}/${name}/${i}.png`, image(16 * s + 8 * c + i)] as const),
      [`${split}/${name}/deep/${long}`, image(16 * s + 8 * c + 7)] as const,
    ]),
  ),
)
const root = writeFiles(path.join(folder, 'pets'), { ...files, 'train/.DS_Store': 'x', 'README.txt': 'read me' })
const zipped = (name: string, entries: Readonly<Record<string, Uint8Array>>, level: 0 | 6 = 6): string => {
  const file = path.join(folder, name)
  writeFileSync(file, zipSync({ ...entries }, { level }))
  return file
}
const tarred = (name: string, ...options: readonly string[]): string => {
  const file = path.join(folder, name)
  execFileSync('tar', [...options, '-cf', file, '-C', folder, 'pets'])
  return file
}
const inFolder = Object.fromEntries(Object.entries(files).map(([name, bytes]) => [`pets/${name}`, bytes]))
const archives = {
  'pets.zip': zipped('pets.zip', inFolder),
  'flat.zip': zipped('flat.zip', files),
  'stored.zip': zipped('stored.zip', inFolder, 0),
  'gnu.tar': tarred('gnu.tar', '--format=gnu'),
  'pax.tar': tarred('pax.tar', '--format=pax'),
  'pets.tar.gz': tarred('pets.tar.gz', '--format=gnu', '-z'),
  'no-ending': tarred('no-ending', '--format=pax', '-z'),
}

describe('archives of class folders', () => {
  it.each(Object.entries(archives))('%s gives what the folder gives', async (_, file) => {
    const notes: string[] = []
    const hooks = { onWarning: (note: string) => notes.push(note) }
    const [unpacked, packed] = [await loadFolders(root, {}), await loadFolders(file, hooks)]
    expect(packed).toEqual(unpacked)
    expect(packed.train.count).toBe(10)
    expect(packed.classNames).toEqual(['cat', 'dög'])
    expect(await recognise(file)).toMatchObject({ name: 'folders', path: file })
    // Decoded once: then the images come from the cache.
    const progress: string[] = []
    await loadFolders(file, { onProgress: (_, message) => progress.push(message) })
    expect(progress).toEqual([])
    expect(readdirSync(cache).filter((name) => name.startsWith('scratch'))).toEqual([])
  })

  it('name the archive and the file in it where one is damaged', async () => {
    const file = zipped('damaged.zip', { ...inFolder, 'pets/train/cat/9.png': image(3).subarray(0, 60) })
    await expect(loadFolders(file, {})).rejects.toThrow(`${file}/pets/train/cat/9.png: `)
  })

  it('are refused if their names lead out of them, or they are cut off', async () => {
    const out = zipped('out.zip', { ...inFolder, '../x/cat/1.png': image(1) })
    await expect(loadFolders(out, {})).rejects.toThrow(
      `${out}: the name "../x/cat/1.png" in it leads out of it. Pack it again.`,
    )
    for (const name of ['pets.zip', 'gnu.tar', 'pets.tar.gz'] as const) {
      const cut = path.join(folder, `cut-${name}`)
      const bytes = readFileSync(archives[name])
      writeFileSync(cut, bytes.subarray(0, bytes.length / 2))
      await expect(loadFolders(cut, {}), name).rejects.toThrow(/cut-.*: it .*\. Download or pack it again\./)
    }
  })

  it('keep different names apart that are in another encoding than UTF-8', async () => {
    const named = (letter: number): Buffer => {
      const bytes = Buffer.from(zipSync({ 'B_r/1.png': image(1), 'B_r/2.png': image(2) }))
      for (let at = bytes.indexOf('B_r'); at >= 0; at = bytes.indexOf('B_r', at + 1)) bytes[at + 1] = letter
      return bytes
    }
    const root = writeFiles(path.join(folder, 'encodings'), { 'a.zip': named(0x84), 'b.zip': named(0x94) })
    const { classNames } = await listImages(await openTree(path.join(root)))
    expect(classNames).toEqual(['a', 'b'])
    const [a, b] = await Promise.all(
      ['a.zip', 'b.zip'].map(async (name) => (await zipTree(path.join(root, name))).list(path.join(root, name))),
    )
    expect([a?.[0]?.name, b?.[0]?.name]).toEqual(['B\u0084r', 'B\u0094r'])
  })

  it('are refused if they are parts of a download of Google Drive', async () => {
    const root = writeFiles(path.join(folder, 'drive'), {
      'data-20240101T000000Z-001.zip': zipSync({ 'data/cat/1.png': image(1) }),
      'data-20240101T000000Z-002.zip': zipSync({ 'data/dog/1.png': image(2) }),
    })
    await expect(loadFolders(root, {})).rejects.toThrow(
      `${root}: it holds 2 parts of a download of Google Drive (data-20240101T000000Z-001.zip, ...), whose files belong together. Unpack them into one folder: for f in ${root}/data-*.zip; do unzip "$f" -d ${root}-unpacked; done`,
    )
  })

  it('are refused if a password is needed', async () => {
    const bytes = Buffer.from(readFileSync(archives['pets.zip']))
    const directory = bytes.indexOf('PK\x01\x02', 0, 'latin1')
    for (let at = directory; at >= 0; at = bytes.indexOf('PK\x01\x02', at + 4, 'latin1')) bytes[at + 8] = 1
    const file = path.join(folder, 'secret.zip')
    writeFileSync(file, bytes)
    await expect(loadFolders(file, {})).rejects.toThrow(/0\.png in it is encrypted: pack it without a password/)
  })
})
