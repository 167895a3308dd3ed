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
  /** The final name, which only a whole and checked file gets; until then it is `FILE.part`. */
  readonly file: string
  readonly md5: string
  /** Of the published file: more is never written. */
  readonly bytes: number
}

export interface DownloadHooks {
  /** Bytes that are there, and all of them if the server says how many. */
  readonly onBytes?: ((have: number, all: number | null) => void) | undefined
  /** Why something is tried again, in one line. */
  readonly onRetry?: ((message: string) => void) | undefined
}

/**
 * Downloads a file: goes on where an interrupted download (`FILE.part`) ended, tries again when the connection breaks or
 * is too slow, checks the MD5, and only then gives the file its name.
 *
 * @returns false if the file was there already, whole.
 * @throws DownloadError if another file has the name, the server refuses or cannot be reached, or what it sends is too
 * large, too slow or has another MD5.
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
    // The beginning may have been of another file.
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

/** Fills the part to its end, over as many connections as it takes, of which no few in a row may bring nearly nothing. */
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
      // Measured from the furthest point: a part may have been thrown away in between.
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

/** A part longer than the file is not its beginning. */
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
