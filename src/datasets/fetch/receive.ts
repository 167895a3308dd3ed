import { closeSync, constants, fsyncSync, openSync, writeSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import type { IncomingMessage } from 'node:http'
import { bytesText } from '../../platform/bytes-text.js'
import { DownloadError } from '../../platform/errors.js'
import { httpGet } from './http-get.js'
import type { DownloadLimits } from './limits.js'

/** A file being downloaded. */
export interface Receiving {
  readonly url: string
  /** The file to write to. */
  readonly part: string
  /** Size of the whole file. */
  readonly bytes: number
  /** Called with the bytes received so far, and the total if the server reports it. */
  readonly onBytes?: ((have: number, all: number | null) => void) | undefined
}

/** The data cannot be written; not the server's fault. */
export class PartError extends DownloadError {}

/** The server sends more than the file has, so it is not the file. */
export class TooLongError extends DownloadError {}

/**
 * One connection: appends the received data to the existing `from` bytes.
 *
 * @throws DownloadError for an answer for which retrying does not help: refused, or larger than the file.
 * @throws Error if retrying may help.
 */
export async function receive(receiving: Receiving, from: number, limits: DownloadLimits): Promise<void> {
  const { url, part, bytes, onBytes } = receiving
  const response = await httpGet(url, from, limits.windowSeconds)
  try {
    const start = startOf(response, from)
    if (start === null) {
      // The part is as long as the file or longer; the MD5 decides.
      if (totalOf(response) === from) return
      await rm(part, { force: true })
      throw new Error('the earlier part does not fit')
    }
    const length = response.headers['content-length']
    const all = length === undefined ? null : start + Number(length)
    if (all !== null && all > bytes) {
      throw new DownloadError(`the server announces ${bytesText(all)}, and the published file has ${bytesText(bytes)}`)
    }
    const have = await save(response, { ...receiving, onBytes: (count) => onBytes?.(count, all) }, start, limits)
    if (all !== null && have !== all) throw new Error(`the connection ended after ${have} of ${all} bytes`)
  } finally {
    response.destroy()
  }
}

/** The offset of the answer in the file; null if the server has nothing beyond `from`. */
function startOf(response: IncomingMessage, from: number): number | null {
  const { statusCode = 0, statusMessage = '', headers } = response
  if (statusCode === 200) return 0
  if (statusCode === 206) {
    const range = headers['content-range'] ?? ''
    const start = /^bytes (\d+)-/.exec(range)?.[1]
    if (Number(start) === from) return from
    throw new Error(`the server sent ${JSON.stringify(range)} when asked for bytes from ${from}`)
  }
  if (statusCode === 416 && from > 0) return null
  const message = `the server answers ${statusCode} ${statusMessage.replaceAll(/[^\x20-\x7e]/g, '?')}`.trim()
  if (statusCode >= 500 || statusCode === 429 || statusCode === 408) throw new Error(message)
  throw new DownloadError(message)
}

function totalOf({ headers }: IncomingMessage): number {
  return Number(/\/(\d+)$/.exec(headers['content-range'] ?? '')?.[1])
}

/** Non-blocking, since opening a named pipe waits for a reader. Windows has neither this flag nor such files. */
const { O_APPEND, O_CREAT, O_NONBLOCK = 0, O_TRUNC, O_WRONLY } = constants

/**
 * Writes the received data from byte `start` on, and returns the new size. Each chunk is written immediately, since
 * data buffered in a stream are lost when the connection breaks.
 */
function save(
  response: IncomingMessage,
  { part, bytes, onBytes }: Pick<Receiving, 'part' | 'bytes'> & { readonly onBytes: (have: number) => void },
  start: number,
  { windowSeconds, bytesPerSecond }: DownloadLimits,
): Promise<number> {
  const cannotWrite = (cause: unknown): PartError =>
    new PartError(`${part} cannot be written (${reasonOf(cause)}). Make room, or choose another folder.`, { cause })
  let descriptor: number
  try {
    descriptor = openSync(part, O_WRONLY | O_CREAT | O_NONBLOCK | (start === 0 ? O_TRUNC : O_APPEND))
  } catch (cause) {
    throw cannotWrite(cause)
  }
  let have = start
  let before = start
  // A server that sends a byte now and then is never idle, so the speed is checked.
  const watch = setInterval(() => {
    const wanted = windowSeconds * bytesPerSecond
    if (have - before < wanted) {
      const slow = `${bytesText(have - before)} came in ${windowSeconds} s, and at least ${bytesText(wanted)} must`
      response.destroy(new Error(slow))
    }
    before = have
  }, 1000 * windowSeconds)
  return new Promise<number>((resolve, reject) => {
    const refuse = (error: DownloadError): void => {
      response.destroy()
      reject(error)
    }
    response.on('data', (chunk: Buffer) => {
      if (have + chunk.length > bytes) {
        refuse(new TooLongError(`the server sends more than the ${bytesText(bytes)} of the published file`))
        return
      }
      try {
        for (let written = 0; written < chunk.length; ) written += writeSync(descriptor, chunk, written)
      } catch (cause) {
        refuse(cannotWrite(cause))
        return
      }
      have += chunk.length
      onBytes(have)
    })
    response.on('end', () => resolve(have))
    response.on('error', reject)
    // No effect after an end or an error.
    response.on('close', () => reject(new Error('the connection was closed')))
  }).finally(() => {
    clearInterval(watch)
    // A power failure after the rename must not leave an empty file.
    fsyncSync(descriptor)
    closeSync(descriptor)
  })
}

/** The message of an error of the system or of Node's client. */
export function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  const { code } = error as NodeJS.ErrnoException
  // If a name has several addresses, Node combines their failures into one error without a message.
  return error.message === '' ? (code ?? error.name) : error.message
}
