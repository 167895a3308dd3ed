import { pytorch } from './array-formats.js'
import { beside, python, shell } from './commands.js'
import { begins, type UnreadFile } from './unread-file.js'

/** Archives other than ZIP, tar and tar.gz. */
export const archiveFormats: readonly UnreadFile[] = [
  {
    is: 'a RAR archive',
    matches: begins('Rar!\x1a\x07'),
    next: (file) => `Unpack it: ${shell`mkdir -p ${beside(file, '')} && unrar x ${file} ${`${beside(file, '')}/`}`}`,
  },
  {
    is: 'a 7z archive',
    matches: begins("7z\xbc\xaf'\x1c"),
    next: (file) => `Unpack it: ${shell`7z x ${file} -o`}${shell`${beside(file, '')}`}`,
  },
  packedBy('bzip2', 'BZh', 'bunzip2'),
  packedBy('xz', '\xfd7zXZ\0', 'unxz'),
  packedBy('Zstandard', '(\xb5/\xfd', 'unzstd'),
]

/** An archive of tar, or a single file, packed otherwise than by gzip. */
function packedBy(kind: string, mark: string, unpacker: string): UnreadFile {
  return {
    is: `a file packed by ${kind}`,
    matches: begins(mark),
    next: (file) => {
      if (!/\.(tar\.\w+|tbz2?|txz|tzst)$/i.test(file)) return `Unpack it: ${unpacker} -k ${shell`${file}`}`
      const folder = beside(file, '')
      return `Unpack it: ${shell`mkdir -p ${folder} && tar -xf ${file} -C ${folder}`}`
    },
  }
}

/** Files that are ZIP archives, each by a name in them. */
export const zipFormats: readonly (Pick<UnreadFile, 'is' | 'next'> & { readonly holds: RegExp })[] = [
  { ...pytorch, holds: /(^|\/)data\.pkl$/ },
  {
    is: 'an Excel workbook',
    holds: /^xl\/workbook\./,
    next: (file) =>
      `Save labels and pixels as a table: ${python(
        'import sys,pandas; pandas.read_excel(sys.argv[1]).to_csv(sys.argv[2],index=False)',
        file,
        beside(file, '.csv'),
      )}`,
  },
  {
    is: 'a document of Word or PowerPoint',
    holds: /^(word|ppt)\//,
    next: (file) =>
      `Its images are in the folder media: ${shell`unzip ${file} '*/media/*' -d ${beside(file, '')}`}. Put them into a folder for each class.`,
  },
]
