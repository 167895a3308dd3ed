import path from 'node:path'
import { cacheFolder } from '../../platform/cache-folder.js'
import { sha256 } from '../../platform/sha256.js'
import type { ReadingOptions } from '../dataset.js'
import type { LoadHooks } from '../raw-images.js'
import { type DecodingJob, decodeAll } from './decode-all.js'
import { type DecodedStore, readStore, writeStore } from './decoded-store.js'

/** Raise it if the same files give other images, so that older caches are rebuilt. 3: decoded by sharp. */
const decoderVersion = 3

/**
 * The images of a data set in the order of their files. Each is decoded once, and kept in the cache folder until its key
 * changes.
 *
 * @throws DataError, ConfigError as `decodeAll`.
 */
export async function decodeOnce(
  job: Pick<DecodingJob, 'root' | 'source' | 'files'>,
  wanted: ReadingOptions,
  hooks: LoadHooks,
): Promise<DecodedStore> {
  const { files } = job
  const { size = null, channels = null } = wanted
  const settings = JSON.stringify({ decoderVersion, size, channels })
  const name = sha256(`${path.resolve(job.root)} ${settings}`).slice(0, 16)
  const cache = path.join(cacheFolder(), `folders-${name}.bin`)
  const known = readStore(cache, settings)
  if (known !== null && known.keys.length === files.length && files.every(({ key }, i) => key === known.keys[i])) {
    return known
  }
  const keep = (store: DecodedStore): void => writeStore(cache, settings, store)
  const store = await decodeAll({ ...job, known, keep }, wanted, hooks)
  keep(store)
  return store
}
