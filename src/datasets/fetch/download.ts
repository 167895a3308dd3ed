import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { rename, rm, stat } from 'node:fs/promises'
import path from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { bytesText } from '../../platform/bytes-text.js'
import { DownloadError } from '../../platform/errors.js'
import { syncFolder } from '../../platform/files.js'
import { type DownloadLimits, defaultLimits, enoughBytes } from './limits.js'
import { PartError, type Receiving, reasonOf, receive, TooLongError } from './receive.js'

export interface Download {
  readonly url: string
  /** The final path, used only when the file is complete and checked; until then it is `FILE.part`. */
  readonly file: string
  readonly md5: string
  /** Size of the published file; more is never written. */
  readonly bytes: number
}

export interface DownloadHooks {
  /** Bytes received so far, and the total if the server reports it. */
  readonly onBytes?: ((have: number, all: number | null) => void) | undefined
  /** The reason for a retry, in one line. */
  readonly onRetry?: ((message: string) => void) | undefined
}

/**
 * Downloads a file: continues an interrupted download (`FILE.part`), retries if the connection breaks or is too slow,
 * checks the MD5, and only then gives the file its name.
 *
 * @returns false if the complete file already existed.
 * @throws DownloadError if another file has the name, the server refuses or cannot be reached, or the data are too
 * large, too slow or have another MD5.
 */
export async function download(
  { url, file, md5, bytes }: Download,
  hooks: DownloadHooks = {},
  limits: DownloadLimits = defaultLimits,
): Promise<boolean> {
  if (await sizeOf(file)) {
    const found = await md5Of(file)
    if (found === md5) return false
    throw new DownloadError(
      `${file} is there, but its MD5 is ${found}, not ${md5}. Move it away or delete it, and fetch again.`,
    )
  }
  const part = `${file}.part`
  const receiving = { url, part, bytes, onBytes: hooks.onBytes }
  await removeTooLong(part, bytes)
  const resumed = (await sizeOf(part)) > 0
  await receiveAll(receiving, hooks, limits)
  let found = await md5Of(part)
  if (found !== md5 && resumed) {
    // The part may have come from another file.
    await rm(part, { force: true })
    hooks.onRetry?.(`${url}: with the earlier part the MD5 is wrong, so all of it is fetched`)
    await receiveAll(receiving, hooks, limits)
    found = await md5Of(part)
  }
  if (found !== md5) {
    await rm(part, { force: true })
    throw new DownloadError(
      `${url}: what came has MD5 ${found}, not the published ${md5}, and was deleted. Try again, or another source.`,
    )
  }
  await rename(part, file)
  syncFolder(path.dirname(file))
  return true
}

/** Completes the part over several connections, and gives up if a few in a row bring almost nothing. */
async function receiveAll(receiving: Receiving, { onRetry }: DownloadHooks, limits: DownloadLimits): Promise<void> {
  const { url, part, bytes } = receiving
  const enough = enoughBytes(bytes)
  let reached = await sizeOf(part)
  let tries = 0
  let poorTries = 0
  for (;;) {
    const before = await sizeOf(part)
    try {
      await receive(receiving, before, limits)
      return
    } catch (error) {
      if (error instanceof PartError) throw error
      if (error instanceof TooLongError) await rm(part, { force: true })
      if (error instanceof DownloadError) throw new DownloadError(`${url}: ${error.message}`, { cause: error })
      const have = await sizeOf(part)
      // Measured from the maximum, since a part may have been discarded in between.
      if (have >= reached + enough) {
        reached = have
        tries = 0
        poorTries = 0
      } else poorTries++
      const pause = limits.pauses[tries++]
      if (pause === undefined) {
        const count = poorTries === 1 ? '1 try' : `${poorTries} tries in a row`
        const why = poorTries === 0 ? '' : `; given up, since ${count} brought less than ${bytesText(enough)}`
        throw new DownloadError(`${url}: ${reasonOf(error)}${why}`, { cause: error })
      }
      onRetry?.(`${url}: ${reasonOf(error)}; trying again in ${pause} s`)
      await setTimeout(1000 * pause)
    }
  }
}

/** A part longer than the file is not part of it. */
async function removeTooLong(part: string, bytes: number): Promise<void> {
  const found = await stat(part).catch(() => null)
  if (found?.isFile() && found.size > bytes) await rm(part, { force: true })
}

async function md5Of(file: string): Promise<string> {
  const hash = createHash('md5')
  for await (const chunk of createReadStream(file, { highWaterMark: 1 << 20 })) hash.update(chunk as Buffer)
  return hash.digest('hex')
}

/** 0 where there is no file. */
async function sizeOf(file: string): Promise<number> {
  return stat(file).then(
    ({ size }) => size,
    () => 0,
  )
}
