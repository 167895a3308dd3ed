import path from 'node:path'
import { ConfigError } from '../../platform/errors.js'
import { listed } from '../../platform/listed.js'
import type { ReadingOptions } from '../dataset.js'
import type { FileTree } from '../file-tree/file-tree.js'
import { openTree } from '../file-tree/open-tree.js'
import type { LoadHooks, RawImages } from '../raw-images.js'
import { decodeAndDeal } from './deal-images.js'
import type { KeyedFile } from './decode-all.js'
import { imageKey } from './decoded-store.js'
import { type ListedImages, listImages } from './list-images.js'
import { withoutImages } from './without-images.js'

/**
 * The user's data set as image files: one folder per class, in one folder or in folders for the splits, on disk or in an
 * archive. Images are decoded once, and each is kept in the cache folder until its file changes (its name, length or time).
 *
 * @throws ConfigError without a location, or if sizes or kinds differ and no setting says how to convert them.
 * @throws DataError for folders without images and for broken images.
 */
export async function loadFolders(
  location: string | undefined,
  hooks: LoadHooks,
  wanted: ReadingOptions = {},
): Promise<RawImages> {
  if (location === undefined)
    throw new ConfigError('folders needs data.path. Give a folder of class folders, or an archive of one.')
  const tree = await openTree(location)
  try {
    return await loadTree(tree, hooks, wanted)
  } finally {
    await tree.close()
  }
}

async function loadTree(tree: FileTree, hooks: LoadHooks, wanted: ReadingOptions): Promise<RawImages> {
  const location = tree.root
  const { labels, splits } = wanted
  const found = await listImages(tree, { splits, labels: typeof labels === 'string' ? { file: labels } : labels })
  for (const note of found.notes) hooks.onWarning?.(note)
  for (const warning of warningsOf(location, found)) hooks.onWarning?.(warning)
  const { train, validation, test } = found
  const all = [...train, ...validation, ...test]
  if (all.length === 0) throw await withoutImages(tree)
  const root = path.resolve(location)
  const files: KeyedFile[] = []
  for (const { file } of all) {
    const { bytes, version } = await tree.facts(file)
    files.push({ file, bytes, key: imageKey([path.relative(root, path.resolve(file)), ...version]) })
  }
  return decodeAndDeal({ root: location, source: tree, files }, found, wanted, hooks)
}

/** Maximum number to name; the rest are only counted. */
const mostNamed = 5

function warningsOf(location: string, { others, unfollowed, repeated }: ListedImages): readonly string[] {
  const named = ([one, more]: readonly [string, string], names: readonly string[]): readonly string[] =>
    names.length === 0
      ? []
      : [
          `${location}: ${names.length} ${names.length === 1 ? one : more}: ${listed(names, { most: mostNamed, longest: Infinity })}`,
        ]
  return [
    ...named(['file is not an image and is skipped', 'files are not images and are skipped'], others),
    ...named(['link to a folder is not followed', 'links to folders are not followed'], unfollowed),
    ...named(
      ['link to an image of the same class is skipped', 'links to images of the same class are skipped'],
      repeated,
    ),
  ]
}
