import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import type http from 'node:http'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { download } from '../../../src/datasets/fetch/download.js'
import { type DownloadLimits, defaultLimits, enoughBytes } from '../../../src/datasets/fetch/limits.js'
import { fetchableNames, sourceOf } from '../../../src/datasets/fetch/sources.js'
import { DownloadError } from '../../../src/platform/errors.js'
import { temporaryFolder } from '../../support/temporary-folder.js'
import { type Behaviour, cutAfter, redirectTo, serveFiles } from './file-server.js'

const content = Buffer.from(Uint8Array.from({ length: 300_000 }, (_, i) => (i * i + (i >> 8)) % 251))
const md5 = createHash('md5').update(content).digest('hex')
const server = await serveFiles({ 'data.gz': content })
const folder = temporaryFolder('limits')
let runs = 0

/** What a download from a server that behaves so, for ever, ends in. */
async function failure(behaviour: Behaviour, limits: Partial<DownloadLimits> = {}) {
  const place = path.join(folder, String(runs++))
  mkdirSync(place)
  const part = path.join(place, 'data.gz.part')
  server.requests.length = 0
  server.next.length = 0
  server.next.push(...Array.from({ length: 100 }, () => behaviour))
  const error: unknown = await download(
    { url: `${server.url}data.gz`, file: path.join(place, 'data.gz'), md5, bytes: content.length },
    {},
    { ...defaultLimits, pauses: [0, 0, 0], ...limits },
  ).catch((reason: unknown) => reason)
  server.next.length = 0
  if (!(error instanceof DownloadError)) throw error
  return {
    message: error.message.replace(`${server.url}data.gz: `, ''),
    requests: server.requests.length,
    partBytes: existsSync(part) ? statSync(part).size : 0,
  }
}

/** Writes the same again and again, as fast as it is taken, until nobody listens. */
const endless: Behaviour = (response) => {
  response.writeHead(200)
  const chunk = Buffer.alloc(65_536, 1)
  const send = (): void => {
    while (!response.destroyed && response.write(chunk));
  }
  response.on('drain', send)
  send()
}

/** Sends a byte a millisecond. */
const slow: Behaviour = (response) => {
  response.writeHead(200, { 'content-length': content.length })
  const timer = setInterval(() => response.write('x'), 1)
  response.on('close', () => clearInterval(timer))
}

/** Sends header lines without an end. */
const endlessHeaders: Behaviour = (response) => {
  const { socket } = response as http.ServerResponse & { readonly socket: import('node:net').Socket }
  socket.write('HTTP/1.1 200 OK\r\n')
  const timer = setInterval(() => socket.write('x'), 5)
  socket.on('close', () => clearInterval(timer))
  socket.on('error', () => {})
}

describe('a download ends', () => {
  it('where a server sends one byte a connection', async () => {
    expect(await failure(cutAfter(1))).toEqual({
      message: expect.stringMatching(/; stopped, since 4 tries in a row brought less than 15000 bytes$/),
      requests: 4,
      partBytes: 4,
    })
  })

  it('where parts are thrown away again and again', async () => {
    let turn = 0
    const backAndForth: Behaviour = (response, request, whole) => {
      if (turn++ % 2 === 0) cutAfter(50_000)(response, request, whole)
      else response.writeHead(416, { 'content-range': 'bytes */1' }).end()
    }
    const { message, requests } = await failure(backAndForth)
    expect(message).toMatch(/^the earlier part does not fit; stopped, since 3 tries in a row/)
    // The first try brought something new, and nothing after it did.
    expect(requests).toBe(4)
  })

  it('where the body never ends, with no more kept than the file has', async () => {
    expect(await failure(endless)).toEqual({
      message: 'the server sends more than the 0.3 MiB of the published file',
      requests: 1,
      partBytes: 0,
    })
  })

  it('where the server announces more than the file has', async () => {
    const large: Behaviour = (response) => response.writeHead(200, { 'content-length': 5e12 }).write('x')
    expect(await failure(large)).toEqual({
      message: 'the server announces 4,657 GiB, but the published file has 0.3 MiB',
      requests: 1,
      partBytes: 0,
    })
  })

  it('where the body is slow, though never idle', async () => {
    const { message, requests } = await failure(slow, { windowSeconds: 0.1, bytesPerSecond: 50_000 })
    expect(message).toMatch(
      /^\d+ bytes received in 0\.1 s, less than the minimum of 5000 bytes; stopped, since 4 tries in a row/,
    )
    expect(requests).toBe(4)
  })

  it('where the headers do not end, and where nothing is answered', async () => {
    const limits = { windowSeconds: 0.1, pauses: [0] }
    expect((await failure(endlessHeaders, limits)).message).toMatch(/^no answer within 0\.1 s; stopped, since 2 tries/)
    expect((await failure(() => {}, limits)).message).toMatch(/^(no answer within|no data for) 0\.1 s; stopped/)
  })

  it('where the server announces more than it sends, and says how much came', async () => {
    const short: Behaviour = (response) => {
      response.writeHead(200, { 'content-length': 200_000 })
      response.write('short', () => response.destroy())
    }
    expect(await failure(short, { pauses: [0] })).toMatchObject({ requests: 2, partBytes: 5 })
  })

  it.each([
    [
      'a file',
      'file:///etc/passwd',
      'the server redirects to file:///etc/passwd, and only http and https are supported',
    ],
    ['what is no URL', 'http://', 'the server redirects to "http://", which is not a URL'],
    ['itself', '/data.gz', 'the server redirects more than 5 times'],
  ])('at a redirection to %s, without another try', async (_, to, message) => {
    const { message: found, requests } = await failure(redirectTo(to))
    expect([found, requests]).toEqual([message, to === '/data.gz' ? 6 : 1])
  })

  it.each([
    [204, 'No Content'],
    [304, 'Not Modified'],
    [401, 'Unauthorized'],
  ])('at the answer %i', async (status, text) => {
    const answer: Behaviour = (response) => response.writeHead(status).end()
    expect(await failure(answer)).toMatchObject({ message: `the server answers ${status} ${text}`, requests: 1 })
  })

  it('without a byte of the answer in the terminal', async () => {
    const escapes: Behaviour = (response) => {
      const { socket } = response as http.ServerResponse & { readonly socket: import('node:net').Socket }
      socket.end('HTTP/1.1 404 not\x1b[2Jhere\r\ncontent-length: 0\r\n\r\n')
    }
    expect((await failure(escapes, { pauses: [] })).message).not.toContain('\x1b')
  })

  it.skipIf(process.platform === 'win32')('where a named pipe lies in the place of the part', async () => {
    const place = path.join(folder, 'pipe')
    mkdirSync(place)
    execFileSync('mkfifo', [path.join(place, 'data.gz.part')])
    const file = path.join(place, 'data.gz')
    await expect(download({ url: `${server.url}data.gz`, file, md5, bytes: content.length })).rejects.toThrow(
      `${file}.part cannot be written (ENXIO`,
    )
  })

  it('well where an earlier part was too long', async () => {
    const file = path.join(folder, 'long.gz')
    writeFileSync(`${file}.part`, Buffer.alloc(400_000))
    expect(await download({ url: `${server.url}data.gz`, file, md5, bytes: content.length })).toBe(true)
    expect(content.equals(readFileSync(file))).toBe(true)
  })
})

describe('the limits', () => {
  it('leave an honest download over a bad line alone: enough is 1 MiB, or a twentieth of a small file', () => {
    expect([170_052_171, 300_000, 19, 0].map(enoughBytes)).toEqual([2 ** 20, 15_000, 1, 1])
  })

  it('know the size of every published file', () => {
    for (const name of fetchableNames) for (const { bytes } of sourceOf(name).files) expect(bytes).toBeGreaterThan(4000)
  })
})
