import path from 'node:path'
import { cacheFolder } from '../../platform/cache-folder.js'
import { ConfigError } from '../../platform/errors.js'
import { listed } from '../../platform/listed.js'
import { sha256 } from '../../platform/sha256.js'
import type { ReadingOptions, Split } from '../dataset.js'
import type { FileTree } from '../file-tree/file-tree.js'
import { openTree } from '../file-tree/open-tree.js'
import type { LoadHooks, RawImages } from '../raw-images.js'
import { setTestAside } from '../set-aside.js'
import { decodeAll, type KeyedFile } from './decode-all.js'
import { type DecodedStore, imageKey, readStore, writeStore } from './decoded-store.js'
import type { ImageFile } from './image-file.js'
import { type ListedImages, listImages } from './list-images.js'
import { withoutImages } from './without-images.js'

/** Raise it if the same files give other images, so that older caches are rebuilt. 3: decoded by sharp. */
const decoderVersion = 3

/**
 * The user's data set as image files: one folder per class, in one folder or in folders for the splits, on disk or in an archive. Images are decoded
 * once, and each is kept in the cache folder until its file changes (its name, length or time).
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
  const { size = null, channels = null, labels, splits, testShare } = wanted
  const listed = await listImages(tree, { splits, labels: typeof labels === 'string' ? { file: labels } : labels })
  for (const note of listed.notes) hooks.onWarning?.(note)
  for (const warning of warningsOf(location, listed)) hooks.onWarning?.(warning)
  const { classNames, train, validation, test } = listed
  const all = [...train, ...validation, ...test]
  if (all.length === 0) throw await withoutImages(tree)
  const store = await decoded(tree, all, { size, channels }, wanted, hooks)
  const turned = store.isTurned.reduce((sum, flag) => sum + flag, 0)
  if (turned > 0) hooks.onWarning?.(`${location}: ${turned} of ${all.length} images are turned, as their EXIF data say`)
  const length = store.pixels.length / all.length
  const splitAt = (from: number, files: readonly ImageFile[]): Split => ({
    count: files.length,
    pixels: store.pixels.subarray(from * length, (from + files.length) * length),
    labels: Uint8Array.from(files, ({ label }) => label),
  })
  const images = { classNames, ...store.shape, train: splitAt(0, train) }
  if (test.length === 0) {
    return { ...images, ...setTestAside({ where: location, images: images.train, classNames }, testShare, hooks) }
  }
  return {
    ...images,
    ...(validation.length > 0 && { validation: splitAt(train.length, validation) }),
    test: splitAt(train.length + validation.length, test),
  }
}

/** The images, from the cache as far as their files have not changed. */
async function decoded(
  tree: FileTree,
  images: readonly ImageFile[],
  shape: { readonly size: number | null; readonly channels: 1 | 3 | null },
  wanted: ReadingOptions,
  hooks: LoadHooks,
): Promise<DecodedStore> {
  const settings = JSON.stringify({ decoderVersion, ...shape })
  const root = path.resolve(tree.root)
  const name = sha256(`${root} ${settings}`).slice(0, 16)
  const cache = path.join(cacheFolder(), `folders-${name}.bin`)
  const files: KeyedFile[] = []
  for (const { file } of images) {
    const { bytes, version } = await tree.facts(file)
    const relative = path.relative(root, path.resolve(file))
    files.push({ file, bytes, key: imageKey([relative, ...version]) })
  }
  const known = readStore(cache, settings)
  if (known !== null && known.keys.length === files.length && files.every(({ key }, i) => key === known.keys[i])) {
    return known
  }
  const keep = (store: DecodedStore): void => writeStore(cache, settings, store)
  const store = await decodeAll({ root: tree.root, source: tree, files, known, keep }, wanted, hooks)
  keep(store)
  return store
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
