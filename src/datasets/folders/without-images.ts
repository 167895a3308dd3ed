import path from 'node:path'
import { counted } from '../../platform/count.js'
import { DataError } from '../../platform/errors.js'
import { listed } from '../../platform/listed.js'
import { type FileTree, isLitter } from '../file-tree/file-tree.js'
import { unreadFile } from '../unread/unread.js'
import { isImageFile } from './is-image-file.js'

const getIt = 'Name a folder that has a folder of images for each class.'
/** Maximum number of files to look for. */
const mostFiles = 1000

/** Maximum number of files whose format is looked at. */
const mostTried = 20

/**
 * The error for a folder, or an archive of one, in which there are no folders of images: says what is there instead, and
 * what to do.
 */
export async function withoutImages(tree: FileTree, folder = tree.root): Promise<DataError> {
  const files: string[] = []
  await collect(tree, folder, files)
  const [first] = files
  if (first === undefined) return nothingIn(tree, folder)
  const arrays = files.find((file) => /\.np[yz]$/i.test(file))
  if (arrays !== undefined) {
    return new DataError(`${folder}: it holds arrays of NumPy (${arrays}), not images. Set data.name to arrays.`)
  }
  for (const file of files) {
    if (!(await isImageFile(tree, file))) continue
    if (path.dirname(file) !== path.normalize(folder)) {
      return new DataError(`${folder}: there are no classes, but images in ${path.dirname(file)}. ${getIt}`)
    }
    const example = path.join(folder, 'cat', path.basename(file))
    return new DataError(
      `${folder}: it holds images such as ${path.basename(file)}, but not what their classes are. Put those of each class into ` +
        `a folder, such as ${example}, or add a table labels.csv with a line "image,label" and one for each image.`,
    )
  }
  const what = `it holds no images, but ${counted(files.length, 'file')}`
  for (const file of files.slice(0, mostTried)) {
    const unread = await unreadFile(file)
    if (unread !== null) return new DataError(`${folder}: ${what}, such as ${file}: ${unread}`)
  }
  return new DataError(`${folder}: ${what}, such as ${first}. ${getIt}`)
}

async function nothingIn(tree: FileTree, folder: string): Promise<DataError> {
  const entries = await tree.list(folder).catch(() => [])
  const folders = entries.filter(({ kind, name }) => kind === 'folder' && !isLitter(name)).map(({ name }) => name)
  const what = folders.length === 0 ? 'it is empty' : `there are no files in its folders (${listed(folders)})`
  return new DataError(`${folder}: ${what}. ${getIt}`)
}

async function collect(tree: FileTree, folder: string, files: string[]): Promise<void> {
  for (const { name, kind, isLink } of await tree.list(folder).catch(() => [])) {
    if (isLitter(name)) continue
    if (files.length >= mostFiles) return
    const inner = path.join(folder, name)
    if (kind === 'file') files.push(inner)
    else if (kind === 'folder' && !isLink) await collect(tree, inner, files)
  }
}
