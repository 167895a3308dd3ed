import { execFileSync } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import path from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { openTree } from '../../../src/datasets/file-tree/open-tree.js'
import { readLabelTable } from '../../../src/datasets/folders/labels/label-table.js'
import { listImages } from '../../../src/datasets/folders/list-images.js'
import { loadFolders } from '../../../src/datasets/folders/load-folders.js'
import { recognise } from '../../../src/datasets/inspect/recognise.js'
import { pngFile, writeFiles } from '../../support/made-folders.js'
import { temporaryFolder } from '../../support/temporary-folder.js'

const folder = temporaryFolder('labels')
process.env.FEAR_NAS_CACHE = path.join(folder, 'cache')
let roots = 0
const write = (files: Readonly<Record<string, Uint8Array | string>>): string =>
  writeFiles(path.join(folder, String(roots++)), files)

/** Image number i is a cat if i is even, else a dog; its first pixel is i. */
const pets = ['cat', 'dog']
const petOf = (i: number): string => pets[i % 2] ?? ''
const image = (i: number) => pngFile(8, 8, 1, (at) => (at === 0 ? i : (at * 7) % 256))
const images = (from: number, to: number, name: (i: number) => string) =>
  Object.fromEntries(Array.from({ length: to - from }, (_, i) => [name(from + i), image(from + i)]))
const rows = (from: number, to: number, row: (i: number) => string): string =>
  Array.from({ length: to - from }, (_, i) => `${row(from + i)}\n`).join('')

type Layout = readonly [
  what: string,
  files: () => Readonly<Record<string, Uint8Array | string>>,
  counts: readonly [train: number, validation: number, test: number],
  /** Class names of cats and dogs. */
  classes: readonly [string, string],
  notes: readonly string[],
]

const layouts: readonly Layout[] = [
  [
    'labels.csv of names without endings, beside train and test without labels (Dog Breed)',
    () => ({
      ...images(0, 12, (i) => `train/${i}ab.png`),
      ...images(12, 16, (i) => `test/${i}cd.png`),
      'labels.csv': `id,breed\n${rows(0, 12, (i) => `${i}ab,${petOf(i)}`)}`,
      'sample_submission.csv': `id,cat,dog\n${rows(12, 16, (i) => `${i}cd,0.5,0.5`)}`,
    }),
    [12, 0, 0],
    ['cat', 'dog'],
    [
      'ROOT/labels.csv: labels from column breed, images from column id',
      'ROOT: 4 images without a label: ROOT/test/12cd.png, ROOT/test/13cd.png, ROOT/test/14cd.png, ROOT/test/15cd.png',
    ],
  ],
  [
    'train.csv with train_images, and test.csv without labels (APTOS)',
    () => ({
      ...images(0, 12, (i) => `train_images/${i}.png`),
      ...images(0, 2, (i) => `test_images/${i}.png`),
      'train.csv': `id_code,diagnosis\n${rows(0, 12, (i) => `${i},${10 - 2 * (i % 2)}`)}`,
      'test.csv': `id_code\n${rows(0, 2, (i) => `${i}`)}`,
    }),
    [12, 0, 0],
    // In numerical order.
    ['10', '8'],
    [
      'ROOT/train.csv: labels from column diagnosis, images from column id_code',
      'ROOT: 2 images without a label: ROOT/test_images/0.png, ROOT/test_images/1.png',
      'not used: ROOT/test.csv: it has no labels (columns: id_code).',
    ],
  ],
  [
    "Hugging Face's metadata.jsonl in each split",
    () => ({
      ...images(0, 8, (i) => `train/${i}.png`),
      ...images(0, 4, (i) => `test/${i}.png`),
      'train/metadata.jsonl': rows(0, 8, (i) => JSON.stringify({ file_name: `${i}.png`, box: [1, 2], label: i % 2 })),
      'test/metadata.jsonl': rows(0, 4, (i) => JSON.stringify({ file_name: `${i}.png`, box: [1, 2], label: i % 2 })),
    }),
    [8, 0, 4],
    ['0', '1'],
    [
      'ROOT/test/metadata.jsonl: labels from column label, images from column file_name',
      'ROOT/train/metadata.jsonl: labels from column label, images from column file_name',
      'ROOT: 8 training images, 4 test images',
    ],
  ],
  [
    'a column of splits, semicolons and more columns',
    () => ({
      ...images(0, 16, (i) => `images/${i}.png`),
      'meta.csv': `\uFEFFwidth;name;species;split\r\n${rows(0, 16, (i) => `8;images/${i}.png;${petOf(i)};${i < 8 ? 'train' : i < 12 ? 'valid' : 'test'}\r`)}`,
    }),
    [8, 4, 4],
    ['cat', 'dog'],
    [
      'ROOT/meta.csv: labels from column species, images from column name, splits from column split',
      'ROOT: 8 training images, 4 validation images, 4 test images',
    ],
  ],
  [
    'train.csv, val.csv and test.csv, quoted, of paths',
    () => ({
      ...images(0, 16, (i) => `jpegs/${i}.png`),
      'train.csv': `"path","label"\n${rows(0, 8, (i) => `"jpegs/${i}.png","${petOf(i)}"`)}`,
      'val.csv': `"path","label"\n${rows(8, 10, (i) => `"jpegs/${i}.png","${petOf(i)}"`)}`,
      'test.csv': `"path","label"\n${rows(10, 16, (i) => `"jpegs/${i}.png","${petOf(i)}"`)}`,
    }),
    [8, 2, 6],
    ['cat', 'dog'],
    [
      'ROOT/test.csv: labels from column label, images from column path',
      'ROOT/train.csv: labels from column label, images from column path',
      'ROOT/val.csv: labels from column label, images from column path',
      'ROOT: 8 training images, 2 validation images, 6 test images',
    ],
  ],
  [
    'one table for the folders train and test, whose images have the same names',
    () => ({
      ...images(0, 6, (i) => `train/${i}.png`),
      ...images(0, 4, (i) => `test/${i}.png`),
      'labels.csv': `file,label\n${rows(0, 6, (i) => `train/${i}.png,${petOf(i)}`)}${rows(0, 4, (i) => `test/${i}.png,${petOf(i)}`)}`,
    }),
    [6, 0, 4],
    ['cat', 'dog'],
    ['ROOT/labels.csv: labels from column label, images from column file', 'ROOT: 6 training images, 4 test images'],
  ],
  [
    'a table without a header beside the images',
    () => ({ ...images(0, 6, (i) => `${i}.png`), 'labels.csv': rows(0, 6, (i) => `${i}.png,${petOf(i)}`) }),
    [6, 0, 0],
    ['cat', 'dog'],
    ['ROOT/labels.csv: labels from column 2, images from column 1'],
  ],
  [
    'numbered parts and many columns (HAM10000)',
    () => ({
      ...images(0, 6, (i) => `HAM10000_images_part_1/ISIC_${i}.png`),
      ...images(6, 12, (i) => `HAM10000_images_part_2/ISIC_${i}.png`),
      'HAM10000_metadata.csv': `lesion_id,image_id,dx,dx_type,age\n${rows(0, 13, (i) => `HAM_${i},ISIC_${i},${petOf(i)},histo,45`)}`,
    }),
    [12, 0, 0],
    ['cat', 'dog'],
    [
      'ROOT/HAM10000_metadata.csv: labels from column dx, images from column image_id',
      'ROOT/HAM10000_metadata.csv: 1 row of images that are not here: ISIC_12',
    ],
  ],
  [
    'one column for each class (ISIC)',
    () => ({
      ...images(0, 6, (i) => `input/${i}.png`),
      'truth.csv': `image,cat,dog,owl\n${rows(0, 6, (i) => `${i},${i % 2 === 0 ? '1.0,0.0' : '0.0,1.0'},0.0`)}`,
    }),
    [6, 0, 0],
    ['cat', 'dog'],
    ['ROOT/truth.csv: labels from column cat, dog, owl, images from column image'],
  ],
  [
    'class folders for training, annotations for validation (Tiny ImageNet)',
    () => ({
      ...images(0, 12, (i) => `train/n0${i % 2}/images/${i}.png`),
      'train/n00/n00_boxes.txt': rows(0, 6, (i) => `${2 * i}.png\t0\t0\t3\t3`),
      ...images(12, 16, (i) => `val/images/val_${i}.png`),
      'val/val_annotations.txt': rows(12, 16, (i) => `val_${i}.png\tn0${i % 2}\t0\t32\t44\t62`),
      ...images(16, 18, (i) => `test/images/test_${i}.png`),
      'wnids.txt': 'n00\nn01\n',
    }),
    [12, 0, 4],
    ['n00', 'n01'],
    [
      'ROOT: not used, without folders of these classes: test',
      'ROOT/val/val_annotations.txt: labels from column 2, images from column 1',
      'ROOT: without labelled test images, the validation images take their place',
    ],
  ],
  [
    'class folders for training, a table of the test images and one of icons (GTSRB)',
    () => ({
      ...images(0, 12, (i) => `Train/${i % 2}/${i}.png`),
      ...images(12, 16, (i) => `Test/${i}.png`),
      ...images(16, 18, (i) => `Meta/${i}.png`),
      'Train.csv': `Width,ClassId,Path\n${rows(0, 12, (i) => `8,${i % 2},Train/${i % 2}/${i}.png`)}`,
      'Test.csv': `Width,ClassId,Path\n${rows(12, 16, (i) => `8,${i % 2},Test/${i}.png`)}`,
      'Meta.csv': `Path,ClassId,Shape\n${rows(16, 18, (i) => `Meta/${i}.png,${i % 2},1`)}`,
    }),
    [12, 0, 4],
    ['0', '1'],
    [
      'ROOT: not used, without folders of these classes: Meta',
      'ROOT: training images from Train',
      'ROOT/Test.csv: labels from column ClassId, images from column Path',
      'not used: ROOT/Meta.csv: there is a table of the training images.',
    ],
  ],
  [
    'class folders, and a table that says the same (BIRDS)',
    () => ({
      ...images(0, 8, (i) => `train/${petOf(i)}/${i}.png`),
      ...images(8, 12, (i) => `test/${petOf(i)}/${i}.png`),
      'birds.csv': `class id,filepaths,labels,data set\n${rows(0, 12, (i) => `${i % 2}.0,${i < 8 ? 'train' : 'test'}/${petOf(i)}/${i}.png,${petOf(i)},${i < 8 ? 'train' : 'test'}`)}`,
    }),
    [8, 0, 4],
    ['cat', 'dog'],
    [],
  ],
  [
    'WebDataset, unpacked',
    () => ({
      ...images(0, 6, (i) => `${i}.png`),
      ...Object.fromEntries(Array.from({ length: 6 }, (_, i) => [`${i}.cls`, `${i % 2}\n`])),
      ...Object.fromEntries(Array.from({ length: 6 }, (_, i) => [`${i}.json`, '{}'])),
    }),
    [6, 0, 0],
    ['0', '1'],
    [],
  ],
]

const numberOf = (file: string): number => Number(/(\d+)[a-z]*\.png$/.exec(file)?.[1])

describe('labels beside images', () => {
  it.each(layouts)('are read from %s', async (_, files, counts, classes, notes) => {
    const root = write(files())
    const listed = await listImages(await openTree(root))
    const { classNames, train, validation, test } = listed
    expect([train.length, validation.length, test.length]).toEqual(counts)
    for (const { file, label } of [...train, ...validation, ...test]) {
      expect(classNames[label], file).toBe(classes[numberOf(file) % 2])
    }
    expect(listed.notes.map((note) => note.replaceAll(root, 'ROOT'))).toEqual(notes)
    expect(await recognise(root)).toMatchObject({ name: 'folders', path: root })
  })

  it('are read from shards of a WebDataset, each image with its own label', async () => {
    const root = path.join(folder, 'shards')
    mkdirSync(root)
    for (const [name, from, to] of [
      ['train-000000.tar', 0, 6],
      ['train-000001.tar', 6, 12],
      ['val-000000.tar', 12, 16],
    ] as const) {
      const files = { ...images(from, to, (i) => `${i}.png`) }
      const labels = Object.fromEntries(
        Object.keys(files).map((file) => [`${numberOf(file)}.cls`, petOf(numberOf(file))]),
      )
      const from_ = write({ ...files, ...labels })
      execFileSync('tar', ['-cf', path.join(root, name), '-C', from_, '.'])
    }
    const loaded = await loadFolders(root, {})
    expect(loaded.classNames).toEqual(pets)
    expect([loaded.train.count, loaded.test.count]).toEqual([12, 4])
    for (const { count, labels, pixels } of [loaded.train, loaded.test]) {
      expect([...labels]).toEqual(Array.from({ length: count }, (_, i) => (pixels[i * 64] as number) % 2))
    }
    expect(await recognise(root)).toMatchObject({ name: 'folders' })
    // A shard alone is a data set, too.
    const alone = await loadFolders(path.join(root, 'train-000001.tar'), { onWarning: () => {} })
    expect(alone.train.count + alone.test.count).toBe(6)
  })

  it('are read from archives beside the table', async () => {
    const root = write({ 'labels.csv': `id,breed\n${rows(0, 8, (i) => `${i},${petOf(i)}`)}` })
    execFileSync('tar', [
      '-czf',
      path.join(root, 'train.tgz'),
      '-C',
      write(images(0, 8, (i) => `train/${i}.png`)),
      'train',
    ])
    const { classNames, train } = await listImages(await openTree(root))
    expect(classNames).toEqual(pets)
    expect(train).toHaveLength(8)
  })

  it('come from the table and the columns that the user names', async () => {
    const root = write({
      ...images(0, 8, (i) => `${petOf(i)}/${i}.png`),
      'a.csv': `file,one,two\n${rows(0, 8, (i) => `${i}.png,${i % 4},${i < 4}`)}`,
    })
    const read = async (labels: Parameters<typeof listImages>[1]) =>
      (await listImages(await openTree(root), labels)).classNames
    await expect(read({})).resolves.toEqual(pets)
    await expect(read({ labels: false })).resolves.toEqual(pets)
    await expect(read({ labels: { file: 'a.csv', label: 'one' } })).resolves.toEqual(['0', '1', '2', '3'])
    await expect(read({ labels: { label: 'two' } })).resolves.toEqual(['false', 'true'])
    await expect(read({ labels: { file: 'a.csv' } })).rejects.toThrow(
      `${root}/a.csv: no column of labels is recognised (columns: file, one, two). Set data.labels to { label: COLUMN }.`,
    )
    await expect(read({ labels: { label: 'three' } })).rejects.toThrow(
      `it has no column "three" (columns: file, one, two). Correct data.labels.label.`,
    )
    await expect(read({ labels: { file: 'b.csv' } })).rejects.toThrow(`${root}/b.csv: it cannot be read (ENOENT`)
  })

  it.each([
    ['row numbers beside paths', 'id,image_path,label', (i: number) => `${19 - i},images/${i}.png`, 'image_path'],
    ['row numbers without a name', ',id,label', (i: number) => `${(i + 5) % 20},${i}`, 'id'],
    ['ages that are numbers of images', 'age,img,label', (i: number) => `${(i * 7) % 20},${i}.png`, 'img'],
    ['letters and accents apart', 'file,label', (i: number) => `${'é'.normalize('NFD')}${i}.png`, 'file'],
  ])('name their images in the column that is meant: %s', async (_, header, cells, column) => {
    const accent = header.startsWith('file') ? 'é' : ''
    const root = write({
      ...images(0, 20, (i) => `images/${accent}${i}.png`),
      'labels.csv': `${header}\n${rows(0, 20, (i) => `${cells(i)},${petOf(i)}`)}`,
    })
    const { classNames, notes, train } = await listImages(await openTree(root))
    expect(notes[0]).toBe(`${root}/labels.csv: labels from column label, images from column ${column}`)
    expect(train).toHaveLength(20)
    for (const { file, label } of train) expect(classNames[label], file).toBe(petOf(numberOf(file)))
  })

  it.each([
    ['is_train', (i: number) => String(Number(i < 8)), [8, 0, 4]],
    ['is_valid', (i: number) => String(i >= 8), [8, 0, 4]],
    ['Type', (i: number) => (i < 8 ? 'Train' : 'Test'), [8, 0, 4]],
    ['split', (i: number) => (i < 8 ? 'tr' : i < 10 ? 'va' : 'te'), [8, 2, 2]],
    ['split', (i: number) => (i < 8 ? 'training' : i < 10 ? 'unlabeled' : 'test'), [8, 0, 2]],
    ['type', (i: number) => `kind ${i % 3}`, [12, 0, 0]],
  ] as const)('are dealt into splits by a column %s', async (name, split, counts) => {
    const root = write({
      ...images(0, 12, (i) => `images/${i}.png`),
      'labels.csv': `file,label,${name}\n${rows(0, 12, (i) => `${i}.png,${petOf(i)},${split(i)}`)}`,
    })
    const { notes, test, train, validation } = await listImages(await openTree(root))
    expect([train.length, validation.length, test.length]).toEqual(counts)
    if (counts[0] + counts[1] + counts[2] < 12)
      expect(notes).toContain(`${root}: 2 images of no split, by the table, not used`)
  })

  it('are told from other columns that may be them', async () => {
    const root = write({
      ...images(0, 6, (i) => `images/${i}.png`),
      'labels.csv': `image_id,diagnosis,category\n${rows(0, 6, (i) => `${i},${petOf(i)},${i % 2}`)}`,
    })
    expect((await listImages(await openTree(root))).notes[0]).toBe(
      `${root}/labels.csv: labels from column category (not diagnosis), images from column image_id`,
    )
  })

  it('are read from UTF-16, and refused in other encodings', async () => {
    const text = `file,label\n${rows(0, 6, (i) => `${i}.png,B${i % 2 === 0 ? 'ä' : 'ö'}r`)}`
    const files = images(0, 6, (i) => `images/${i}.png`)
    const wide = write({ ...files, 'labels.csv': Buffer.from(`\ufeff${text}`, 'utf16le') })
    expect((await listImages(await openTree(wide))).classNames).toEqual(['Bär', 'Bör'])
    const root = write({ ...files, 'labels.csv': Buffer.from(text, 'latin1') })
    await expect(listImages(await openTree(root), { labels: { file: 'labels.csv' } })).rejects.toThrow(
      `${root}/labels.csv: it is not in UTF-8. Save it as UTF-8, or convert it from its encoding, such as: iconv -f WINDOWS-1252`,
    )
  })

  it.each([
    [
      'a split that is none',
      {
        ...images(0, 3, (i) => `images/${i}.png`),
        'l.csv': 'file,label,split\n0.png,cat,train\n1.png,dog,extra\n2.png,cat,\n',
      },
      'ROOT/l.csv: column split has "extra", "", which name no split. Write train, validation or test there; if the column is something else, rename it.',
    ],
    [
      'two columns of numbers of images',
      { ...images(0, 4, (i) => `images/${i}.png`), 'l.csv': 'a,b,label\n0,3,cat\n1,2,dog\n2,1,cat\n3,0,dog\n' },
      'ROOT/l.csv: columns a and b may both name the images. Set data.labels to { image: a }, or the other one.',
    ],
    [
      'names that two folders have, found beside class folders',
      {
        ...images(0, 2, (i) => `siteA/${i}.png`),
        ...images(0, 2, (i) => `siteB/${i}.png`),
        'labels.csv': 'file,label\n0.png,cat\n1.png,dog\n',
      },
      'ROOT/labels.csv:2: 0.png may be ROOT/siteA/0.png or ROOT/siteB/0.png. Give the folder too. Or set data.labels to false, if each folder is a class.',
    ],
    [
      'a table that contradicts folders',
      {
        ...images(0, 6, (i) => `${i < 3 ? 'a' : 'b'}/${i}.png`),
        'found.csv': `file,label\n${rows(0, 6, (i) => `${i}.png,${petOf(i)}`)}`,
      },
      'ROOT/found.csv: its labels are not the folders that the images are in (a, b). Set data.labels to found.csv to use it, or to false if each folder is a class.',
    ],
    [
      'an image with two labels',
      { ...images(0, 3, (i) => `images/${i}.png`), 'l.csv': 'file,label\n0.png,cat\n1.png,dog\n0.png,dog\n' },
      'ROOT/l.csv:4: 0.png is labelled dog here and cat in line 2. Remove one of the rows.',
    ],
    [
      'a name of two images',
      { ...images(0, 2, (i) => `images/x${i}/1.png`), 'l.csv': 'file,label\n1.png,cat\n' },
      'ROOT/l.csv:2: 1.png may be ROOT/images/x0/1.png or ROOT/images/x1/1.png. Give the folder too.',
    ],
    [
      'a label that is missing',
      { ...images(0, 3, (i) => `images/${i}.png`), 'l.csv': 'file,label\n0.png,cat\n1.png,\n' },
      'ROOT/l.csv:3: 1.png has no label. Fill it, or remove the row.',
    ],
    [
      'a line with more cells',
      { ...images(0, 3, (i) => `images/${i}.png`), 'l.csv': 'file,label\n0.png,cat\n1.png,a,b\n' },
      'ROOT/l.csv:3: it has 3 cells, and the first line 2. Correct the line.',
    ],
    [
      'a table of other images',
      { ...images(0, 3, (i) => `images/${i}.png`), 'l.csv': 'file,label\nx.png,cat\ny.png,dog\n' },
      'ROOT/l.csv: no column of it names the images here (columns: file, label; looked at 2 rows). Give names of files, with or without folders and endings.',
    ],
    [
      'a test image of a class without training images',
      {
        ...images(0, 6, (i) => `images/${i}.png`),
        'train.csv': `file,label\n${rows(0, 4, (i) => `${i}.png,${petOf(i)}`)}`,
        'test.csv': 'file,label\n4.png,cat\n5.png,owl\n',
      },
      'ROOT/test.csv:3: no training image has the label owl. Remove the row.',
    ],
    [
      'two tables',
      {
        ...images(0, 4, (i) => `images/${i}.png`),
        'a.csv': `file,label\n${rows(0, 4, (i) => `${i}.png,${petOf(i)}`)}`,
        'b.csv': `file,label\n${rows(0, 4, (i) => `${i}.png,${petOf(i)}`)}`,
      },
      'ROOT: a.csv and b.csv both label images. Set data.labels to one of them, such as a.csv, or to false if each folder is a class.',
    ],
    [
      'a class for each image',
      { ...images(0, 4, (i) => `images/${i}.png`), 'l.csv': `file,label\n${rows(0, 4, (i) => `${i}.png,name ${i}`)}` },
      'ROOT/l.csv: it has 4 different labels of 4 training images, but 2 to ',
    ],
    [
      'JSON that is none',
      {
        ...images(0, 4, (i) => `images/${i}.png`),
        'images/metadata.jsonl': '{"file_name":"0.png","label":1}\n{"file\n',
      },
      'ROOT/images/metadata.jsonl:2: it is not a JSON object. Correct the line.',
    ],
    [
      'a label of WebDataset that is none',
      { ...images(0, 2, (i) => `${i}.png`), '0.cls': '', '1.cls': '1' },
      'ROOT/0.cls: it does not hold one label. Correct it, or remove its image.',
    ],
  ])('are refused in %s', async (_, files, message) => {
    const root = write(files)
    // The user names l.csv; others are found.
    const labels = 'l.csv' in files ? { file: 'l.csv' } : undefined
    const error = await listImages(await openTree(root), { labels }).catch((error: Error) => error)
    expect((error as Error).message.replaceAll(root, 'ROOT')).toContain(message)
  })
})

it('reads back any table, whatever stands in its cells', () => {
  const cell = fc.string({ maxLength: 12 }).map((text) => text.trim().replaceAll('\u0000', ''))
  fc.assert(
    fc.property(fc.array(fc.tuple(cell, cell), { minLength: 1, maxLength: 20 }), (written) => {
      const quoted = (text: string): string => `"${text.replaceAll('"', '""')}"`
      const text = ['file,label', ...written.map((row) => row.map(quoted).join(','))].join('\n')
      const { columns, rows: read } = readLabelTable('a.csv', Buffer.from(text), (cells) => cells[0] === 'file')
      expect(columns).toEqual(['file', 'label'])
      expect(read.map(({ cells }) => cells)).toEqual(written)
    }),
  )
})
