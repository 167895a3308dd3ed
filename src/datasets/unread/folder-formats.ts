import path from 'node:path'
import { lmdbValues } from './array-formats.js'
import { python, shell } from './commands.js'
import { cropCoco, cropVoc, cropYolo } from './detection.js'

/** The names in a folder, without hidden ones. */
export interface FolderNames {
  readonly all: readonly string[]
  /** The names in a folder in it; empty if there is no such folder. */
  within(name: string): readonly string[]
}

/** Data sets of folders and files that fear-nas does not read as they are. */
export interface UnreadFolder {
  /** In words, for `it is ...`. The table in docs/data.md has the same words. */
  readonly is: string
  readonly matches: (names: FolderNames) => boolean
  /** The next step, with the line that converts. */
  readonly next: (folder: string, names: FolderNames) => string
}

const has =
  (...names: readonly string[]) =>
  ({ all }: FolderNames): boolean =>
    names.every((name) => all.includes(name))
/** The class folders are in one of the folders. */
const nameInner = (inner: string) => (folder: string) =>
  `Name the folder of its class folders: ${shell`${path.join(folder, inner)}`}`
const copies = 'Copy its images to a folder for each class: '
const isCoco = (name: string): boolean => /^instances_.*\.json$/i.test(name)
/** A table may say what the classes are. */
const hasTable = ({ all }: FolderNames): boolean => all.some((name) => /\.(csv|tsv|jsonl)$/i.test(name))
const isText = (name: string): boolean => /\.txt$/i.test(name)

/** The first that matches counts. */
export const unreadFolders: readonly UnreadFolder[] = [
  { is: 'an LMDB database', matches: has('data.mdb'), next: lmdbValues },
  {
    is: 'a data set that the library datasets of Hugging Face saved',
    matches: (names) => has('dataset_dict.json')(names) || has('state.json', 'dataset_info.json')(names),
    next: (folder) =>
      `Convert it to Parquet: ${python(
        'import sys,os,datasets; d=datasets.load_from_disk(sys.argv[1]); d=d if isinstance(d,dict) else {"train":d}; os.makedirs(sys.argv[2]); ' +
          '[q.to_parquet(os.path.join(sys.argv[2],s+".parquet")) for s,q in d.items()]',
        folder,
        `${folder}-parquet`,
      )}`,
  },
  {
    is: 'STL-10, binary version',
    matches: has('train_X.bin', 'train_y.bin', 'test_X.bin', 'test_y.bin'),
    next: (folder) =>
      `Convert it to arrays: ${python(
        'import os,sys,numpy as np; g=lambda n:np.fromfile(os.path.join(sys.argv[1],n),"uint8"); ' +
          'x=lambda s:g(s+"_X.bin").reshape(-1,3,96,96).transpose(0,1,3,2); ' +
          'np.savez(sys.argv[2],x_train=x("train"),y_train=g("train_y.bin"),x_test=x("test"),y_test=g("test_y.bin"))',
        folder,
        `${folder}.npz`,
      )}`,
  },
  {
    is: 'Food-101',
    matches: (names) => has('images')(names) && names.within('meta').includes('train.txt'),
    next: (folder) =>
      copies +
      shell`for s in train test; do while read -r f; do mkdir -p ${`${folder}-split`}/$s/"\${f%/*}" && cp ${path.join(folder, 'images')}/"$f".jpg ${`${folder}-split`}/$s/"\${f%/*}"; done < ${path.join(folder, 'meta')}/$s.txt; done`,
  },
  {
    is: 'Oxford-IIIT Pet',
    matches: (names) => has('images')(names) && names.within('annotations').includes('trainval.txt'),
    next: (folder) =>
      copies +
      shell`for s in trainval test; do while read -r f rest; do mkdir -p ${`${folder}-split`}/"\${s%val}/\${f%_*}" && cp ${path.join(folder, 'images')}/"$f".jpg ${`${folder}-split`}/"\${s%val}/\${f%_*}"; done < ${path.join(folder, 'annotations')}/$s.txt; done`,
  },
  {
    is: 'Oxford 102 Flowers',
    matches: has('jpg', 'imagelabels.mat'),
    next: (folder) =>
      copies +
      python(
        'import sys,os,shutil,scipy.io as m; r=sys.argv[1]; l=m.loadmat(r+"/imagelabels.mat")["labels"][0]; s=m.loadmat(r+"/setid.mat"); ' +
          '[(os.makedirs(p:=os.path.join(sys.argv[2],d,str(l[i-1])),exist_ok=True),shutil.copy(r+"/jpg/image_%05d.jpg"%i,p)) ' +
          'for d,k in (("train","trnid"),("val","valid"),("test","tstid")) for i in s[k][0]]',
        folder,
        `${folder}-split`,
      ),
  },
  {
    is: 'GTSRB (German traffic signs)',
    matches: (names) => has('Training', 'Final_Test')(names) || names.within('GTSRB').includes('Training'),
    next: (folder, { all }) => {
      const inner = all.includes('GTSRB') ? path.join(folder, 'GTSRB') : folder
      return (
        copies +
        python(
          'import sys,os,csv,shutil; g,o,t=sys.argv[1:]; shutil.copytree(g+"/Training",o+"/train",ignore=shutil.ignore_patterns("*.csv")); ' +
            '[(os.makedirs(p:=os.path.join(o,"test",r["ClassId"].zfill(5)),exist_ok=True),shutil.copy(os.path.join(g,"Final_Test","Images",r["Filename"]),p)) ' +
            'for r in csv.DictReader(open(t),delimiter=";")]',
          inner,
          `${folder}-split`,
          path.join(folder, 'GT-final_test.csv'),
        )
      )
    },
  },
  {
    is: 'Caltech-101',
    matches: has('101_ObjectCategories'),
    next: nameInner('101_ObjectCategories'),
  },
  {
    is: 'CUB-200 (birds)',
    matches: has('images', 'images.txt', 'image_class_labels.txt', 'train_test_split.txt'),
    next: (folder) =>
      copies +
      shell`cd ${folder} && paste -d " " images.txt train_test_split.txt | while read -r i f j t; do d=split/$([ "$t" = 1 ] && echo train || echo test)/"\${f%/*}"; mkdir -p "$d" && cp images/"$f" "$d"; done`,
  },
  {
    is: 'DTD (textures)',
    matches: (names) => has('images')(names) && names.within('labels').includes('train1.txt'),
    next: nameInner('images'),
  },
  {
    is: 'Stanford Dogs',
    matches: has('Images', 'Annotation'),
    next: nameInner('Images'),
  },
  {
    is: 'a detection set (COCO): boxes in images, and no class for each image',
    matches: (names) => names.all.some(isCoco) || names.within('annotations').some(isCoco),
    next: (folder, names) => {
      const inner = names.all.some(isCoco) ? '' : 'annotations'
      const files = inner === '' ? names.all : names.within(inner)
      const file = files.filter(isCoco).sort((a, b) => Number(/val/.test(a)) - Number(/val/.test(b)))[0] ?? ''
      const split = file.slice('instances_'.length, -'.json'.length)
      return cropCoco(path.join(folder, inner, file), path.join(folder, names.all.includes(split) ? split : 'images'))
    },
  },
  {
    is: 'a detection set (Pascal VOC): boxes in images, and no class for each image',
    matches: (names) => has('JPEGImages', 'Annotations')(names) && !hasTable(names),
    next: cropVoc,
  },
  {
    is: 'a detection set (YOLO): boxes in images, and no class for each image',
    matches: (names) => {
      if (hasTable(names)) return false
      const isPair = (inner: string): boolean => {
        const pair = names.within(inner)
        return pair.includes('images') && pair.includes('labels')
      }
      if (['train', 'valid', 'val'].some(isPair)) return true
      if (!has('images', 'labels')(names)) return false
      const labels = names.within('labels')
      return labels.some(isText) || labels.some((split) => names.within(path.join('labels', split)).some(isText))
    },
    next: cropYolo,
  },
  {
    is: 'a segmentation set: a class for each pixel, and none for each image',
    matches: (names) =>
      !hasTable(names) &&
      names.all.some((name) => /^(images?|imgs?)$/i.test(name)) &&
      names.all.some((name) => /^masks?$/i.test(name)),
    next: () => 'Put the images of each class into a folder of their own, without the masks.',
  },
]
