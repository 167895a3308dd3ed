import { stat } from 'node:fs/promises'
import path from 'node:path'
import { cacheFolder } from '../../platform/cache-folder.js'
import { ConfigError } from '../../platform/errors.js'
import { listed } from '../../platform/listed.js'
import { sha256 } from '../../platform/sha256.js'
import type { ReadingOptions } from '../dataset.js'
import { cachedImages } from '../image-cache.js'
import type { LoadHooks, RawImages } from '../raw-images.js'
import { setTestAside } from '../set-aside.js'
import { decodeAll } from './decode-all.js'
import { type ListedImages, listImages } from './list-images.js'

/** Raise it if the same files give other images, so that older caches are rebuilt. */
const decoderVersion = 2

/**
 * The user's data set as PNG and JPEG files: one folder per class, in one folder or in `train` and `test`. Images are
 * decoded once, and kept in the cache folder until a file changes (its name, length or time).
 *
 * @throws ConfigError without a location, or if sizes or kinds differ and no setting says how to convert them.
 * @throws DataError for folders without images and for broken images.
 */
export async function loadFolders(
  location: string | undefined,
  hooks: LoadHooks,
  wanted: ReadingOptions = {},
): Promise<RawImages> {
  if (location === undefined) throw new ConfigError('folders needs data.path. Give a folder of class folders.')
  const listed = await listImages(location)
  for (const warning of warningsOf(location, listed)) hooks.onWarning?.(warning)
  const { size = null, channels = null, testShare } = wanted
  const settings = JSON.stringify({ decoderVersion, size, channels })
  const root = path.resolve(location)
  const file = path.join(cacheFolder(), `folders-${sha256(`${root} ${settings}`).slice(0, 16)}.bin`)
  const images = await cachedImages(file, `${settings} ${await signature(root, listed)}`, () =>
    decodeAll(location, listed, wanted, hooks),
  )
  if (images.test.count > 0) return images
  const { classNames, train } = images
  return { ...images, ...setTestAside({ where: location, images: train, classNames }, testShare, hooks) }
}

/** Maximum number to name; the rest are only counted. */
const mostNamed = 5

function warningsOf(location: string, { others, unfollowed, repeated }: ListedImages): readonly string[] {
  const named = (what: string, names: readonly string[]): readonly string[] =>
    names.length === 0
      ? []
      : [`${location}: ${names.length} ${what}: ${listed(names, { most: mostNamed, longest: Infinity })}`]
  return [
    ...named('files are not images and are skipped', others),
    ...named('links to folders are not followed', unfollowed),
    ...named('links to images of the same class are skipped', repeated),
  ]
}

/** Changes if any file changes, without reading the files. */
async function signature(root: string, { classNames, train, test }: ListedImages): Promise<string> {
  const lines: unknown[] = [classNames]
  for (const [split, files] of [train, test].entries()) {
    for (const { file, label } of files) {
      const { size, mtimeMs, ctimeMs } = await stat(file).catch(() => ({ size: 0, mtimeMs: 0, ctimeMs: 0 }))
      lines.push([split, label, path.relative(root, path.resolve(file)), size, mtimeMs, ctimeMs])
    }
  }
  return sha256(JSON.stringify(lines))
}
