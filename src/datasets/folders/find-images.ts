import { realpath, stat } from 'node:fs/promises'
import path from 'node:path'
import { counted } from '../../platform/count.js'
import { DataError } from '../../platform/errors.js'
import { listed } from '../../platform/listed.js'
import { diskTree } from '../file-tree/disk-tree.js'
import { defaultFolderLimits, FolderWalk } from './folder-walk.js'
import { isImageFile } from './is-image-file.js'

/** An image file to classify. */
export interface FoundImage {
  readonly file: string
  /** Its class, if a folder around it has the name of one; else null. */
  readonly label: number | null
}

export interface FoundImages {
  readonly images: readonly FoundImage[]
  /** What was passed over, in a line each. */
  readonly notes: readonly string[]
}

/**
 * The images that paths mean: files as they are, and folders with all images in them, at any depth, sorted. In a folder,
 * images below folders with the names of classes have those labels: `photos/cat/1.jpg`, `photos/test/cat/1.jpg`; so do all
 * in a folder that is itself called like a class.
 *
 * @throws DataError for a path that does not exist, and if there are no images at all.
 */
export async function findImages(paths: readonly string[], classNames: readonly string[]): Promise<FoundImages> {
  const labels = new Map(classNames.map((name, label) => [name, label]))
  const images: FoundImage[] = []
  const others: string[] = []
  const unfollowed: string[] = []
  const unnamed = new Set<string>()
  let hasImages = false
  for (const from of paths) {
    const stats = await stat(from).catch((cause: NodeJS.ErrnoException) => {
      const what = cause.code === 'ENOENT' ? 'it does not exist' : `it cannot be read (${cause.code})`
      throw new DataError(`${from}: ${what}. Check the path.`, { cause })
    })
    if (!stats.isDirectory()) {
      images.push({ file: from, label: null })
      hasImages ||= await isImageFile(diskTree(from), from)
      continue
    }
    const walk = new FolderWalk(diskTree(from), defaultFolderLimits, 'Name a folder of images.')
    for (const file of await walk.filesWithin({ folder: from, real: await realpath(from) })) {
      if (!(await isImageFile(walk.tree, file))) {
        others.push(file)
        continue
      }
      const label = labelOf(from, file, labels)
      images.push({ file, label })
      hasImages = true
      if (label === null && path.dirname(path.relative(from, file)) !== '.') unnamed.add(path.dirname(file))
    }
    others.push(...walk.special)
    unfollowed.push(...walk.unfollowed)
  }
  if (!hasImages) {
    throw new DataError(
      `${listed(paths, few)}: no images there (PNG, JPEG, WebP, GIF, BMP, TIFF, AVIF or PNM). Extract archives ` +
        'first; for arrays, use model.predict of the library.',
    )
  }
  return {
    images,
    notes: [
      ...(unnamed.size > 0
        ? [
            `${counted(unnamed.size, 'folder')} not named like a class of the network, so the classes of the images there are not known: ` +
              `${listed([...unnamed], few)}. Its classes: ${listed(classNames, few)}`,
          ]
        : []),
      ...(others.length > 0
        ? [
            `${counted(others.length, 'file')} that ${others.length === 1 ? 'is no image and is' : 'are no images and are'} skipped: ${listed(others, few)}`,
          ]
        : []),
      ...(unfollowed.length > 0
        ? [`${counted(unfollowed.length, 'link')} to folders not followed: ${listed(unfollowed, few)}`]
        : []),
    ],
  }
}

const few = { most: 5, longest: Infinity }

/** By the folder nearest to the image that has the name of a class. */
function labelOf(root: string, file: string, labels: ReadonlyMap<string, number>): number | null {
  const folders = path.dirname(path.relative(root, file)).split(path.sep)
  const names = [path.basename(path.resolve(root)), ...folders]
  return names.map((name) => labels.get(name)).findLast((label) => label !== undefined) ?? null
}
