import { createHash } from 'node:crypto'
import { closeSync, createReadStream, fsyncSync, openSync, writeSync } from 'node:fs'
import { rename, rm, stat } from 'node:fs/promises'
import type { IncomingMessage } from 'node:http'
import path from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { DownloadError } from '../../platform/errors.js'
import { syncFolder } from '../../platform/files.js'
import { httpGet } from './http-get.js'

export interface Download {
  readonly url: string
  /** The final name, which only a whole and checked file gets; until then it is `FILE.part`. */
  readonly file: string
  readonly md5: string
}

export interface DownloadHooks {
  /** Bytes that are there, and all of them if the server says how many. */
  readonly onBytes?: ((have: number, all: number | null) => void) | undefined
  /** Why something is tried again, in one line. */
  readonly onRetry?: ((message: string) => void) | undefined
}

/** Seconds before each further try. A try that brought bytes starts the row anew. */
export const defaultPauses: readonly number[] = [1, 5, 15]

/**
 * Downloads a file: goes on where an interrupted download (`FILE.part`) ended, tries again when the connection breaks,
 * checks the MD5, and only then gives the file its name.
 *
 * @returns false if the file was there already, whole.
 * @throws DownloadError if another file has the name, the server refuses or cannot be reached, or the MD5 is wrong.
 */
export async function download(
  { url, file, md5 }: Download,
  hooks: DownloadHooks = {},
  pauses: readonly number[] = defaultPauses,
): Promise<boolean> {
  if (await sizeOf(file)) {
    const found = await md5Of(file)
    if (found === md5) return false
    throw new DownloadError(
      `${file} is there, but its MD5 is ${found}, not ${md5}. Move it away or delete it, and fetch again.`,
    )
  }
  const part = `${file}.part`
  const resumed = (await sizeOf(part)) > 0
  await receiveAll(url, part, hooks, pauses)
  let found = await md5Of(part)
  if (found !== md5 && resumed) {
    // The beginning may have been of another file.
    await rm(part, { force: true })
    hooks.onRetry?.(`${url}: with the earlier part the MD5 is wrong, so all of it is fetched`)
    await receiveAll(url, part, hooks, pauses)
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

/** Fills `part` to its end, over as many connections as it takes. */
async function receiveAll(url: string, part: string, hooks: DownloadHooks, pauses: readonly number[]): Promise<void> {
  for (let failures = 0; ; ) {
    const before = await sizeOf(part)
    try {
      await receive(url, part, before, hooks)
      return
    } catch (error) {
      if (error instanceof DownloadError) throw error
      if ((await sizeOf(part)) > before) failures = 0
      const pause = pauses[failures++]
      if (pause === undefined) throw new DownloadError(`${url}: ${reasonOf(error)}`, { cause: error })
      hooks.onRetry?.(`${url}: ${reasonOf(error)}; trying again in ${pause} s`)
      await setTimeout(1000 * pause)
    }
  }
}

/** One connection. @throws DownloadError for an answer that trying again does not change. */
async function receive(url: string, part: string, from: number, { onBytes }: DownloadHooks): Promise<void> {
  const response = await httpGet(url, from)
  try {
    const start = startOf(response, from)
    if (start === null) {
      // What is there is longer than the file, or just as long: the MD5 tells.
      if (totalOf(response) === from) return
      await rm(part, { force: true })
      throw new Error('the earlier part does not fit')
    }
    const length = response.headers['content-length']
    const all = length === undefined ? null : start + Number(length)
    const have = await save(response, part, start, (bytes) => onBytes?.(bytes, all))
    if (all !== null && have !== all) throw new Error(`the connection ended after ${have} of ${all} bytes`)
  } finally {
    response.destroy()
  }
}

/** Where what comes begins in the file; null if the server has nothing beyond `from`. */
function startOf(response: IncomingMessage, from: number): number | null {
  const { statusCode = 0, statusMessage, headers } = response
  if (statusCode === 200) return 0
  if (statusCode === 206) {
    const start = /^bytes (\d+)-/.exec(headers['content-range'] ?? '')?.[1]
    if (Number(start) === from) return from
    throw new Error(`the server sent "${headers['content-range']}" when asked for bytes from ${from}`)
  }
  if (statusCode === 416 && from > 0) return null
  const message = `the server answers ${statusCode} ${statusMessage}`
  if (statusCode >= 500 || statusCode === 429 || statusCode === 408) throw new Error(message)
  throw new DownloadError(message)
}

function totalOf({ headers }: IncomingMessage): number {
  return Number(/\/(\d+)$/.exec(headers['content-range'] ?? '')?.[1])
}

/**
 * Writes what comes from byte `start` of `part` on, and gives the bytes that are there then. Each chunk is written at
 * once: what a stream still holds back when its connection breaks is lost.
 */
function save(
  response: IncomingMessage,
  part: string,
  start: number,
  onBytes: (have: number) => void,
): Promise<number> {
  const cannotWrite = (cause: unknown): DownloadError =>
    new DownloadError(`${part} cannot be written (${reasonOf(cause)}). Make room, or choose another folder.`, { cause })
  let descriptor: number
  try {
    descriptor = openSync(part, start === 0 ? 'w' : 'a')
  } catch (cause) {
    throw cannotWrite(cause)
  }
  let have = start
  return new Promise<number>((resolve, reject) => {
    response.on('data', (chunk: Buffer) => {
      try {
        for (let written = 0; written < chunk.length; ) written += writeSync(descriptor, chunk, written)
      } catch (cause) {
        response.destroy()
        reject(cannotWrite(cause))
        return
      }
      have += chunk.length
      onBytes(have)
    })
    response.on('end', () => resolve(have))
    response.on('error', reject)
    // After an end or an error this changes nothing.
    response.on('close', () => reject(new Error('the connection was closed')))
  }).finally(() => {
    // A power cut after the file got its name must not leave it empty.
    fsyncSync(descriptor)
    closeSync(descriptor)
  })
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

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  const { code } = error as NodeJS.ErrnoException
  // Where a name has several addresses, Node puts their failures into one error without a message.
  return error.message === '' ? (code ?? error.name) : error.message
}
