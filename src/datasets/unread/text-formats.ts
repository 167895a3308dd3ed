import path from 'node:path'
import { beside, shell } from './commands.js'
import { cropCoco } from './detection.js'
import { begins, ends, isMarkup, isText, type UnreadFile } from './unread-file.js'

/** What came in the place of data. */
export const mishaps: readonly UnreadFile[] = [
  { is: 'an empty file', matches: ({ bytes }) => bytes.length === 0, next: () => 'Download or copy it again.' },
  {
    is: 'an unfinished download',
    matches: ends('.part', '.partial', '.crdownload', '.download'),
    next: () => 'Let it finish, or download it again.',
  },
  {
    is: 'a pointer of Git LFS, not the data',
    matches: begins('version https://git-lfs.github.com/spec/'),
    next: (file) => `Fetch them: ${shell`git -C ${path.dirname(file)} lfs pull`}`,
  },
  {
    is: 'an HTML page, not the data: the site sent a page, such as a login or an error',
    matches: (start) => isMarkup(start, /<(!doctype html|html|head|body)\b/i),
    next: () => 'Open the address in a browser, log in if it asks for that, and download the data again.',
  },
]

/** Formats of text. */
export const textFormats: readonly UnreadFile[] = [
  {
    is: 'the boxes of a detection set (COCO), which has no class for each image',
    matches: (start) =>
      isText(start) &&
      /^\s*\{/.test(start.text) &&
      (/^instances_.*\.json$/.test(start.name) || /"(annotations|categories)"\s*:\s*\[/.test(start.text)),
    next: (file) => cropCoco(file, imagesOf(file)),
  },
  {
    is: 'JSON text',
    matches: (start) => isText(start) && ends('.json', '.jsonl', '.ndjson')(start),
    next: (file) =>
      `Save its images and labels as arrays, in Python: np.savez(${JSON.stringify(beside(file, '.npz'))}, images=images, labels=labels)`,
  },
  {
    is: 'a text file',
    // Tables of pixels are read.
    matches: (start) => isText(start) && !ends('.csv', '.tsv')(start),
    next: () => 'Name the file or folder that holds the images.',
  },
]

/** `annotations/instances_train2017.json` to `train2017` beside `annotations`. */
function imagesOf(file: string): string {
  const split = /^instances_(.+)\.json$/i.exec(path.basename(file))?.[1]
  return split === undefined ? path.dirname(file) : path.join(path.dirname(path.dirname(file)), split)
}
