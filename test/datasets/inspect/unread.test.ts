import { execFileSync } from 'node:child_process'
import { readFileSync, symlinkSync } from 'node:fs'
import path from 'node:path'
import { gzipSync } from 'node:zlib'
import { zipSync } from 'fflate'
import { describe, expect, it } from 'vitest'
import type { DatasetRequest } from '../../../src/datasets/dataset-request.js'
import { checkDataset } from '../../../src/datasets/inspect/check-dataset.js'
import { recognise } from '../../../src/datasets/inspect/recognise.js'
import { loadDataset } from '../../../src/datasets/load-dataset.js'
import { unreadKinds } from '../../../src/datasets/unread/unread.js'
import { DataError } from '../../../src/platform/errors.js'
import { runAdvised } from '../../support/advised-line.js'
import { classFolders, pngFile, writeFiles } from '../../support/made-folders.js'
import { temporaryFolder } from '../../support/temporary-folder.js'

const folder = temporaryFolder('unread')
process.env.FEAR_NAS_CACHE = path.join(folder, 'cache')
/** A difficult name, so that every line is quoted. */
const at = (name: string): string => path.join(folder, "it's mine", name)
const bytes = (text: string): Buffer => Buffer.from(text, 'latin1')
const png = pngFile(16, 16, 3, (i) => (i * 7) % 256)

const messageOf = async (work: Promise<unknown>): Promise<string> => {
  const error: unknown = await work.catch((reason: unknown) => reason)
  expect(error).toBeInstanceOf(DataError)
  return (error as Error).message
}
const request = (name: string, location: string): DatasetRequest => ({
  name,
  path: location,
  train: 0,
  validation: 2,
  test: 0,
  size: null,
  seed: 1,
})

/** What is written, the words for it, and what the next step begins with. */
const files: readonly (readonly [name: string, content: Uint8Array, is: string, next: string])[] = [
  ['a.h5', bytes('\x89HDF\r\n\x1a\n'), 'an HDF5 file', 'Convert it to arrays: python3 -c'],
  [
    'a.pkl',
    bytes('(dp0\n.'),
    'a Python pickle',
    'Reading it may run code that is in it. If you trust it, convert it: python3',
  ],
  ['data', bytes('\x80\x04\x95'), 'a Python pickle', 'Reading it may run code'],
  [
    'a.pt',
    zipSync({ 'archive/data.pkl': bytes('x'), 'archive/data/0': bytes('x') }),
    'a PyTorch file',
    'If it holds images',
  ],
  ['old.pth', bytes('\x80\x02\x8a\nl\xfc\x9cF\xf9 j\xa8P\x19.'), 'a PyTorch file', 'If it holds images and labels'],
  ['a.safetensors', bytes('\x40\0\0\0\0\0\0\0{"images"'), 'a safetensors file', 'Convert it to arrays: python3 -c'],
  ['a.tfrecord', bytes('\x10\0\0\0\0\0\0\0'), 'a TFRecord file', 'If its records have image/encoded'],
  ['train-00000-of-00010', bytes('\x10\0\0\0\0\0\0\0'), 'a TFRecord file', 'If its records have image/encoded'],
  ['a.feather', bytes('ARROW1\0\0'), 'an Arrow or Feather file', 'Convert it to Parquet: python3'],
  ['lmdb/data.mdb', bytes('\0\0\0\0'), 'an LMDB database', 'Write its values to files'],
  ['a.sqlite', bytes('SQLite format 3\0'), 'an SQLite database', 'Write its images to a folder for each class'],
  [
    'a.rds',
    gzipSync(bytes('X\n\0\0\0\x03')),
    'an object that R saved (.rds)',
    'Save labels and pixels as a table: Rscript',
  ],
  [
    'a.RData',
    gzipSync(bytes('RDX3\nX\n')),
    'variables that R saved (.RData)',
    'Save labels and pixels as a table: Rscript',
  ],
  ['a.rar', bytes('Rar!\x1a\x07\x01\0'), 'a RAR archive', 'Unpack it: mkdir -p'],
  ['a.7z', bytes("7z\xbc\xaf'\x1c"), 'a 7z archive', 'Unpack it: 7z x'],
  ['a.tar.bz2', bytes('BZh91AY&SY'), 'a file packed by bzip2', 'Unpack it: mkdir -p'],
  ['a.xz', bytes('\xfd7zXZ\0'), 'a file packed by xz', 'Unpack it: unxz -k'],
  ['a.tar.zst', bytes('(\xb5/\xfd'), 'a file packed by Zstandard', 'Unpack it: mkdir -p'],
  [
    'a.xlsx',
    zipSync({ 'xl/workbook.xml': bytes('x') }),
    'an Excel workbook',
    'Save labels and pixels as a table: python3',
  ],
  ['a.docx', zipSync({ 'word/document.xml': bytes('x') }), 'a document of Word or PowerPoint', 'Its images are in'],
  ['a.mp4', bytes('\0\0\0\x18ftypmp42\0\0\0\0'), 'a video', 'Write its frames to files'],
  ['a.avi', bytes('RIFF\0\0\0\0AVI LIST'), 'a video', 'Write its frames to files'],
  ['a.wav', bytes('RIFF\0\0\0\0WAVEfmt '), 'a sound', 'Only images are read'],
  ['a.pdf', bytes('%PDF-1.7\n'), 'a PDF document', 'Write its images to files'],
  ['a.dcm', Buffer.concat([Buffer.alloc(128), bytes('DICM')]), 'a DICOM image', 'Convert each to PNG'],
  [
    'a.nii.gz',
    gzipSync(Buffer.concat([Buffer.alloc(344), bytes('n+1\0')])),
    'a NIfTI volume',
    'Write its slices to files',
  ],
  ['a.heic', bytes('\0\0\0\x18ftypheic\0\0\0\0mif1heic'), 'a HEIC image', 'Convert each to JPEG'],
  [
    'a.svg',
    bytes('<?xml version="1.0"?>\n<svg width="8">'),
    'an SVG image, which is made of lines, not of pixels',
    'Convert each',
  ],
  [
    'a.jp2',
    bytes('\0\0\0\x0cjP  \r\n'),
    'an image in a format that is not read (JPEG 2000, JPEG XL, PSD, OpenEXR, ICO)',
    'Convert each to PNG',
  ],
  [
    'instances_val.json',
    bytes('{"images": [], "annotations": []}'),
    'the boxes of a detection set (COCO), which has no class for each image',
    'Cut out what is in the boxes',
  ],
  ['a.json', bytes('[[0, 1]]'), 'JSON text', 'Save its images and labels as arrays'],
  ['a.txt', bytes('cat\ndog\n'), 'a text file', 'Name the file or folder that holds the images.'],
  ['a.txt.gz', gzipSync('cat\n'), 'a text file, packed by gzip', 'Unpack it, then check it again: gunzip -k'],
  [
    'cifar-10-binary.tar.gz',
    bytes('<!DOCTYPE html>\n<html><title>Log in'),
    'an HTML page, not the data: the site sent a page, such as a login or an error',
    'Open the address in a browser',
  ],
  [
    'a.npz',
    bytes('version https://git-lfs.github.com/spec/v1\noid'),
    'a pointer of Git LFS, not the data',
    'Fetch them: git -C',
  ],
  ['empty.npz', bytes(''), 'an empty file', 'Download or copy it again.'],
  ['a.zip.crdownload', bytes('PK\x03'), 'an unfinished download', 'Let it finish'],
]

describe('a file in a format that is not read', () => {
  it.each(files)('is named, with the next step: %s', async (name, content, is, next) => {
    writeFiles(path.dirname(at(name)), { [path.basename(name)]: content })
    const message = await messageOf(recognise(at(name)))
    expect(message.startsWith(`${at(name)}: it is ${is}. ${next}`), message).toBe(true)
    // The same where a run meets it.
    for (const dataset of ['arrays', 'folders'])
      expect(await messageOf(loadDataset(request(dataset, at(name))))).toBe(message)
  })
})

describe('what there is in the place of data', () => {
  const getIt = 'Name a folder that has a folder of images for each class.'
  it.each<readonly [string, () => string, string]>([
    ['an empty folder', () => writeFiles(at('e1'), { '.keep': '' }), `ROOT: it is empty. ${getIt}`],
    [
      'empty class folders',
      () => writeFiles(at('e2'), { 'cat/.keep': '', 'dog/.keep': '' }),
      `ROOT: there are no files in its folders (cat, dog). ${getIt}`,
    ],
    [
      'images without classes',
      () => writeFiles(at('e3'), { '1.png': png }),
      'ROOT: it holds images such as 1.png, but not what their classes are. Put those of each class into a folder, such as ' +
        'ROOT/cat/1.png, or add a table labels.csv with a line "image,label" and one for each image.',
    ],
    [
      'folders without images',
      () => writeFiles(at('e4'), { 'cat/a.txt': 'x', 'dog/b.txt': 'y' }),
      'ROOT: it holds no images, but 2 files, such as ROOT/cat/a.txt: it is a text file. Name the file or folder that holds the images.',
    ],
    [
      'an archive of texts',
      () => {
        writeFiles(at('e5'), { 'a.csv': 'x', 'b.txt': 'y' })
        execFileSync('tar', ['czf', at('e5/e.tar.gz'), '-C', at('e5'), 'a.csv', 'b.txt'])
        return at('e5/e.tar.gz')
      },
      "ROOT: it is an archive without images or a known data set (it holds a.csv, b.txt). Unpack it and check what is there: mkdir -p 'ROOT_WITHOUT_ENDING' && tar -xf 'ROOT' -C 'ROOT_WITHOUT_ENDING'",
    ],
    [
      'an archive that is cut off',
      () => {
        writeFiles(at('e6'), classFolders(['a', 'b'], 3))
        execFileSync('tar', ['czf', at('e6/e.tar.gz'), '-C', at('e6'), 'a', 'b'])
        const whole = readFileSync(at('e6/e.tar.gz'))
        writeFiles(at('e6'), { 'cut.tar.gz': gzipSync(Buffer.alloc(1)).subarray(0, 12), 'whole.bin': whole })
        return at('e6/cut.tar.gz')
      },
      'ROOT: it cannot be read as a .tar.gz archive (unexpected end of file). If it is one, it is cut off or damaged: download or copy it again.',
    ],
    [
      'a link to nothing',
      () => {
        writeFiles(at('e7'), { a: '' })
        symlinkSync('nowhere', at('e7/link'))
        return at('e7/link')
      },
      'ROOT: it is a link to nowhere, which does not exist. Correct the link, or name the data.',
    ],
    [
      'one image',
      () => path.join(writeFiles(at('e8'), { 'cat/1.png': png }), 'cat/1.png'),
      "ROOT: it is one PNG image. Name the folder of class folders that it is in, such as 'ABOVE'.",
    ],
    [
      'two data sets',
      () => writeFiles(at('e9'), { 'a.npz': zipSync({ 'x.npy': png }), 'b.npz': zipSync({ 'x.npy': png }) }),
      'ROOT: it holds several data sets (ROOT/a.npz, ROOT/b.npz). Name one of them.',
    ],
  ])('is said: %s', async (_, make, expected) => {
    const root = make()
    const error = await messageOf(recognise(root).then((found) => checkDataset({ ...found, size: null })))
    const quoted = (place: string): string => place.replace("it's", "it'\\''s")
    const words = expected
      .replaceAll("'ROOT_WITHOUT_ENDING'", `'${quoted(root.replace(/\.tar\.gz$/, ''))}'`)
      .replaceAll("'ROOT'", `'${quoted(root)}'`)
      .replaceAll("'ABOVE'", `'${quoted(path.dirname(path.dirname(root)))}'`)
      .replaceAll('ROOT', root)
    expect(error).toBe(words)
  })

  it('is the same for a run, where a configuration has the path of a file', async () => {
    const file = path.join(writeFiles(at('e10'), { 'cat.png': png }), 'cat.png')
    expect(await messageOf(loadDataset(request('folders', file)))).toMatch(
      /cat\.png: it is a file, and a folder is expected\. Give a folder/,
    )
  })
})

describe('archives that are not read', () => {
  it.each(['bz2', 'xz', 'zst'])('are unpacked by the line: tar.%s', async (ending) => {
    const made = writeFiles(at(`packed-${ending}`), classFolders(['a', 'b'], 3))
    const archive = at(`pets-${ending}.tar.${ending}`)
    const packer = { bz2: 'bzip2', xz: 'xz', zst: 'zstd' }[ending] ?? ''
    try {
      execFileSync(packer, ['--version'], { stdio: 'pipe', input: '' })
    } catch {
      process.stdout.write(`skipped: unpacking tar.${ending}: there is no ${packer} here\n`)
      return
    }
    execFileSync('tar', ['-I', packer, '-cf', archive, '-C', made, 'a', 'b'])
    expect(runAdvised(await messageOf(recognise(archive)))).toBe(true)
    const unpacked = archive.replace(/\.tar\.\w+$/, '')
    expect((await checkDataset({ ...(await recognise(unpacked)), size: null })).classNames).toEqual(['a', 'b'])
  })
})

describe('docs/data.md', () => {
  it('has every format and data set that is recognised and not read', () => {
    const text = readFileSync('docs/data.md', 'utf8')
    const missing = unreadKinds.filter((is) => !text.includes(`| ${is} |`))
    expect(missing).toEqual([])
  })
})
