import path from 'node:path'
import { readIdxName } from '../idx.js'
import { beside, python, saveDictionary, saveInClass, shell } from './commands.js'
import { begins, ends, hasAt, type UnreadFile } from './unread-file.js'

const toArrays = (code: string) => (file: string) =>
  `Convert it to arrays: ${python(`${code}; ${saveDictionary}`, file, beside(file, '.npz'))}`

/** Torch saves a pair of tensors, or a dictionary of them. */
export const pytorch: Pick<UnreadFile, 'is' | 'next'> = {
  is: 'a PyTorch file',
  next: (file) =>
    `If it holds images and labels, and not the weights of a network, convert it: ${python(
      'import sys,torch,numpy as np; d=torch.load(sys.argv[1],map_location="cpu",weights_only=True); ' +
        `d={k:v.numpy() for k,v in (d.items() if isinstance(d,dict) else zip(("images","labels"),d))}; ${saveDictionary}`,
      file,
      beside(file, '.npz'),
    )}`,
}

/** What to do with an LMDB database, which is a folder. */
export function lmdbValues(folder: string): string {
  return `Write its values to files, and sort those into a folder for each class: ${python(
    'import sys,os,lmdb; t=lmdb.open(sys.argv[1],readonly=True,lock=False).begin(); os.makedirs(sys.argv[2]); ' +
      '[open(os.path.join(sys.argv[2],k.hex()),"wb").write(v) for k,v in t.cursor()]',
    folder,
    `${folder.replace(/[/\\]+$/, '')}-values`,
  )}`
}

/** Formats of arrays, tables and records. */
export const arrayFormats: readonly UnreadFile[] = [
  {
    is: 'an HDF5 file',
    // A .mat file of version 7.3 has its own line (arrays/matlab.ts).
    matches: (start) => begins('\x89HDF\r\n\x1a\n')(start) && !ends('.mat')(start),
    next: toArrays(
      'import sys,h5py,numpy as np; f=h5py.File(sys.argv[1]); d={k:f[k][()] for k in f if hasattr(f[k],"shape")}',
    ),
  },
  // Before 1.6 torch wrote pickles, which begin with its magic number.
  { ...pytorch, matches: begins('\x80\x02\x8a\nl\xfc\x9cF\xf9 j\xa8P\x19') },
  {
    is: 'a Python pickle',
    matches: (start) => ends('.pkl', '.pickle')(start) || begins('\x80\x02', '\x80\x03', '\x80\x04', '\x80\x05')(start),
    next: (file) =>
      `Reading it may run code that is in it. If you trust it, convert it: ${python(
        'import sys,pickle,numpy as np; d=pickle.load(open(sys.argv[1],"rb"),encoding="latin1"); ' +
          `d=d if isinstance(d,dict) else dict(zip(("images","labels"),d)); ${saveDictionary}`,
        file,
        beside(file, '.npz'),
      )}`,
  },
  {
    is: 'a safetensors file',
    // The length of a header of JSON text, less than 2^40, goes before it.
    matches: hasAt(5, '\0\0\0{"'),
    next: toArrays('import sys,numpy as np; from safetensors.numpy import load_file; d=load_file(sys.argv[1])'),
  },
  {
    is: 'an Arrow or Feather file',
    matches: (start) => begins('ARROW1', 'FEA1')(start) || ends('.arrow', '.feather')(start),
    next: (file) =>
      `Convert it to Parquet: ${python(
        'import sys,datasets; datasets.Dataset.from_file(sys.argv[1]).to_parquet(sys.argv[2])',
        file,
        beside(file, '.parquet'),
      )}`,
  },
  {
    is: 'a TFRecord file',
    matches: ({ name }) => /tfrecord|-\d{5}-of-\d{5}$/.test(name),
    next: (file) =>
      `If its records have image/encoded and image/class/label, write the images to a folder for each class: ${python(
        'import sys,os,io,tensorflow as tf; from PIL import Image; ' +
          `[${saveInClass(
            'sys.argv[2]',
            'e["image/class/label"].int64_list.value[0]',
            'str(i)',
            'Image.open(io.BytesIO(e["image/encoded"].bytes_list.value[0]))',
          )} for i,r in enumerate(tf.data.TFRecordDataset(sys.argv[1])) ` +
          'for e in [tf.train.Example.FromString(r.numpy()).features.feature]]',
        file,
        `${file}-images`,
      )}`,
  },
  {
    is: 'an LMDB database',
    matches: ({ name }) => name === 'data.mdb' || name === 'lock.mdb',
    next: (file) => lmdbValues(path.dirname(file)),
  },
  {
    is: 'an IDX file under another name than those of MNIST',
    matches: (start) => hasAt(0, '\0\0\x08\x01', '\0\0\x08\x03')(start) && readIdxName(start.name) === null,
    next: () =>
      'Name the files train-images-idx3-ubyte, train-labels-idx1-ubyte, t10k-images-idx3-ubyte and t10k-labels-idx1-ubyte.',
  },
  {
    is: 'an SQLite database',
    matches: begins('SQLite format 3\0'),
    next: (file) =>
      `Write its images to a folder for each class. What tables it has: ${shell`sqlite3 ${file} .schema`}`,
  },
  {
    is: 'an object that R saved (.rds)',
    matches: (start) => ends('.rds')(start) && begins('X\n', 'A\n', 'B\n')(start),
    isPacked: true,
    next: rTable('readRDS(f)'),
  },
  {
    is: 'variables that R saved (.RData)',
    matches: begins('RDX2\n', 'RDX3\n', 'RDA2\n', 'RDA3\n'),
    isPacked: true,
    next: rTable('get(load(f)[1])'),
  },
]

function rTable(value: string): (file: string) => string {
  const code = `f <- commandArgs(TRUE); write.csv(${value.replace('(f', '(f[1]')}, f[2], row.names=FALSE)`
  return (file) => `Save labels and pixels as a table: ${shell`Rscript -e ${code} ${file} ${beside(file, '.csv')}`}`
}
