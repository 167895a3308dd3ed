import path from 'node:path'
import { expect, it } from 'vitest'
import { diskTree } from '../../../src/datasets/file-tree/disk-tree.js'
import { listImages } from '../../../src/datasets/folders/list-images.js'
import { writeFiles } from '../../support/made-folders.js'
import { temporaryFolder } from '../../support/temporary-folder.js'

const folder = temporaryFolder('layout')
let roots = 0

/** Empty images: `train/cat 2` for two of them. */
function write(...folders: readonly string[]): string {
  const files = folders.flatMap((text) => {
    const [, name = '', count = '1'] = /^(.*?)(?: (\d+))?$/.exec(text) ?? []
    return Array.from({ length: Number(count) }, (_, i) => [`${name}/${i}.png`, ''] as const)
  })
  return writeFiles(path.join(folder, String(roots++)), Object.fromEntries(files))
}

/** Images of training, validation and test by their folders, the classes, and the notes without the root. */
async function read(root: string, splits?: Parameters<typeof listImages>[1]) {
  const { classNames, train, validation, test, notes, others } = await listImages(diskTree(root), splits)
  return {
    classes: classNames.join(' '),
    counts: [train.length, validation.length, test.length],
    notes: notes.map((note) => note.replaceAll(root, 'ROOT')),
    others: others.map((file) => path.relative(root, file)),
  }
}

it.each([
  ['train and test', ['train/cat 3', 'train/dog 3', 'test/cat', 'test/dog'], [6, 0, 2], []],
  [
    'train and val',
    ['train/cat 3', 'train/dog 3', 'val/cat', 'val/dog'],
    [6, 0, 2],
    ['ROOT: training images from train, test images from val'],
  ],
  [
    'train, val and test',
    ['train/cat 3', 'train/dog 3', 'val/cat 2', 'val/dog 2', 'test/cat', 'test/dog'],
    [6, 4, 2],
    ['ROOT: training images from train, validation images from val, test images from test'],
  ],
  ['classes that are numbers', ['train/0 3', 'train/1 3', 'test/0', 'test/1'], [6, 0, 2], []],
  [
    'train and dev',
    ['train/cat 8', 'train/dog 8', 'dev/cat 4', 'dev/dog 4'],
    [16, 0, 8],
    ['ROOT: training images from train, test images from dev'],
  ],
  [
    'training_set and test_set',
    ['training_set/cat 3', 'training_set/dog 3', 'test_set/cat', 'test_set/dog'],
    [6, 0, 2],
    ['ROOT: training images from training_set, test images from test_set'],
  ],
  [
    'Training and Testing, of three classes',
    ['Training/cat 3', 'Training/dog', 'Training/owl', 'Testing/cat', 'Testing/dog', 'Testing/owl'],
    [5, 0, 3],
    ['ROOT: training images from Training, test images from Testing'],
  ],
  [
    'train_images and test_images',
    ['train_images/cat 2', 'train_images/dog 2', 'test_images/dog'],
    [4, 0, 1],
    ['ROOT: training images from train_images, test images from test_images'],
  ],
  [
    'train_data and validation_data',
    ['train_data/cat 2', 'train_data/dog 2', 'validation_data/dog'],
    [4, 0, 1],
    ['ROOT: training images from train_data, test images from validation_data'],
  ],
  [
    'seg_train/seg_train, seg_test/seg_test and seg_pred/seg_pred',
    [
      'seg_train/seg_train/cat 2',
      'seg_train/seg_train/dog 2',
      'seg_test/seg_test/cat',
      'seg_test/seg_test/dog',
      'seg_pred/seg_pred 5',
    ],
    [4, 0, 2],
    [
      'ROOT: not used, without labels by the name: seg_pred',
      'ROOT: training images from seg_train/seg_train, test images from seg_test/seg_test',
    ],
  ],
  [
    'a test folder without classes',
    ['train/cat 2', 'train/dog 2', 'test 9'],
    [4, 0, 0],
    ['ROOT: not used, without folders of these classes: test'],
  ],
  [
    'an outer folder',
    ['pets/train/cat 4', 'pets/train/dog 4', 'pets/test/cat 4', 'pets/test/dog 4'],
    [8, 0, 8],
    ['ROOT: the images are in ROOT/pets'],
  ],
  ['two outer folders', ['a/b/cat 2', 'a/b/dog 2'], [4, 0, 0], ['ROOT: the images are in ROOT/a/b']],
  ['train alone', ['train/cat 2', 'train/dog'], [3, 0, 0], []],
  [
    'train and a folder of something else',
    ['train/cat 2', 'train/dog', 'drawings 3'],
    [3, 0, 0],
    ['ROOT: not used, without folders of these classes: drawings'],
  ],
  [
    'images beside annotations',
    ['images/cat 2', 'images/dog', 'annotations/trimaps 3', 'attributes'],
    [3, 0, 0],
    [
      'ROOT: the images are in ROOT/images',
      'ROOT: not used, since they hold annotations by their names: annotations, attributes',
    ],
  ],
  [
    'one folder of classes beside Annotations (Caltech 101)',
    ['101_ObjectCategories/cat 2', '101_ObjectCategories/dog', 'Annotations/cat', 'Annotations/dog'],
    [3, 0, 0],
    [
      'ROOT: the images are in ROOT/101_ObjectCategories',
      'ROOT: not used, since they hold annotations by their names: Annotations',
    ],
  ],
  [
    'images and masks in each class',
    ['cat/images 2', 'cat/masks 2', 'dog/images', 'dog/masks'],
    [3, 0, 0],
    ['ROOT: not used, since they hold annotations by their names: cat/masks, dog/masks'],
  ],
])('reads %s', async (_, folders, counts, notes) => {
  const found = await read(write(...folders))
  expect(found).toMatchObject({ counts, notes })
  expect(['cat dog', 'cat dog owl', '0 1']).toContain(found.classes)
})

it('skips what programs leave', async () => {
  const root = write('cat 6', 'dog 6', '@eaDir 3', '$RECYCLE.BIN 2', 'lost+found', '__pycache__', 'cat/@eaDir 2')
  expect(await read(root)).toMatchObject({ classes: 'cat dog', counts: [12, 0, 0] })
})

it('knows classes that are called like annotations', async () => {
  expect(await read(write('mask 2', 'helmet 2'))).toMatchObject({
    classes: 'helmet mask',
    counts: [4, 0, 0],
    notes: [],
  })
  expect(await read(write('1 2', '2 2', 'labels 2'))).toMatchObject({ classes: '1 2 labels', notes: [] })
})

it('knows a class that is called train, and others that only sound like splits', async () => {
  expect(await read(write('bus 2', 'car 2', 'train 2'))).toMatchObject({ classes: 'bus car train', counts: [6, 0, 0] })
  const tubes = write('test tube 2', 'train station 2')
  expect(await read(tubes)).toMatchObject({ classes: 'test tube train station', notes: [] })
})

it.each([
  [
    'images of splits without classes',
    ['train 4', 'test1 4'],
    'ROOT: test1 and train hold images of splits, but no folders of classes. Put the images of each class into a folder, such as train/cat, or list them in a labels.csv with the columns file and label beside these folders, or, if they are classes, set data.splits to false.',
  ],
  [
    'two folders of training images',
    ['train_1/cat', 'train_1/dog', 'train_2/cat', 'train_2/dog'],
    'ROOT: train_1 and train_2 both look like train images. Set data.splits to the folders of the splits, such as { train: train_1, test: train_2 }, or to false if each folder is a class.',
  ],
  [
    'folders that all hold the same folders',
    ['2019/cat', '2019/dog', '2020/cat', '2020/dog'],
    'ROOT: its folders (2019, 2020) all hold the folders cat, dog. Set data.splits to the folders of the splits, such as { train: 2019, test: 2020 }, or to false if each folder is a class.',
  ],
  [
    'a folder with the same classes beside train',
    ['train/cat', 'train/dog', 'more/cat', 'more/dog'],
    'ROOT: more has the same folders as train, but its name names no split. Set data.splits',
  ],
  [
    'a data set beside other folders',
    ['dataset/train/cat', 'dataset/train/dog', 'dataset/test/cat', 'dataset/test/dog', 'figures 2'],
    'ROOT: dataset looks like the data set, since it holds test, train, and figures is beside it. Name ROOT/dataset instead, or set data.splits to false if each folder is a class.',
  ],
  [
    'class folders beside other folders',
    ['data/cat', 'data/dog', 'results/plots'],
    'ROOT: data looks like the data set, since it holds cat, dog, and results is beside it. Name ROOT/data instead',
  ],
  [
    'a class called train among classes with folders',
    ['train/steam', 'train/diesel', 'bus/city', 'car/sport'],
    'ROOT: train may hold the training images, but bus, car hold folders, too, and name no split.',
  ],
  [
    'splits within classes',
    ['cat/train', 'cat/test', 'dog/train', 'dog/test'],
    'ROOT: its folders (cat, dog) all hold the folders test, train. Put the splits outside, such as train/cat, or set data.splits to false: then they are mixed.',
  ],
  ['test images alone', ['test/cat', 'val/cat'], 'ROOT: it has test and val, but no train. Add the training images.'],
])('refuses %s', async (_, folders, message) => {
  const root = write(...folders)
  const error = await listImages(diskTree(root)).catch((error: Error) => error)
  expect(error).toBeInstanceOf(Error)
  expect((error as Error).message.replaceAll(root, 'ROOT')).toContain(message)
})

it('takes the word of the user', async () => {
  const root = write('2019/cat 3', '2019/dog 3', '2020/cat', '2020/dog', 'odd/cat 2', 'odd/dog')
  const splits = { train: '2019', validation: 'odd', test: '2020' }
  expect(await read(root, { splits })).toMatchObject({ classes: 'cat dog', counts: [6, 3, 2], notes: [] })
  expect(await read(root, { splits: false })).toMatchObject({ classes: '2019 2020 odd', counts: [6 + 2 + 3, 0, 0] })
  await expect(listImages(diskTree(root), { splits: { train: '2018' } })).rejects.toThrow(
    `data.splits.train: ${root}/2018 is not a readable folder. Correct the name.`,
  )
})
