import http from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll } from 'vitest'

/** What a server does with one request. */
export type Behaviour = (response: http.ServerResponse, request: http.IncomingMessage, content: Buffer) => void

export interface FileServer {
  /** Ends in a slash. */
  readonly url: string
  /** `/name` or `/name bytes=5-` of every request so far. */
  readonly requests: string[]
  /** Applied to the next requests, in turn; then the default again. */
  readonly next: Behaviour[]
  close(): Promise<void>
}

/** Serves files by name on a port of this machine, with ranges, until the tests of the file end. */
export async function serveFiles(files: Readonly<Record<string, Buffer>>): Promise<FileServer> {
  const requests: string[] = []
  const next: Behaviour[] = []
  const server = http.createServer((request, response) => {
    const { range } = request.headers
    requests.push([request.url, range].filter((text) => text !== undefined).join(' '))
    const content = files[(request.url ?? '').slice(1)]
    if (content === undefined) {
      response.writeHead(404).end('no such file')
      return
    }
    const behave = next.shift()
    if (behave !== undefined) {
      behave(response, request, content)
      return
    }
    const from = Number(/^bytes=(\d+)-$/.exec(range ?? '')?.[1] ?? 0)
    if (from === 0) response.writeHead(200, { 'content-length': content.length }).end(content)
    else if (from >= content.length) response.writeHead(416, { 'content-range': `bytes */${content.length}` }).end()
    else {
      const headers = {
        'content-length': content.length - from,
        'content-range': `bytes ${from}-${content.length - 1}/${content.length}`,
      }
      response.writeHead(206, headers).end(content.subarray(from))
    }
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const close = (): Promise<void> =>
    new Promise((resolve) => {
      server.closeAllConnections()
      server.close(() => resolve())
    })
  afterAll(close)
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`, requests, next, close }
}

/** Sends the given number of the announced bytes, then breaks the connection. */
export const cutAfter =
  (bytes: number): Behaviour =>
  (response, request, content) => {
    const from = Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? '')?.[1] ?? 0)
    const headers = {
      'content-length': content.length - from,
      'content-range': `bytes ${from}-${content.length - 1}/*`,
    }
    response.writeHead(from > 0 ? 206 : 200, headers)
    response.write(content.subarray(from, from + bytes), () => response.destroy())
  }

/** Answers with the whole file, whatever range was asked for. */
export const withoutRanges: Behaviour = (response, _, content) => {
  response.writeHead(200, { 'content-length': content.length }).end(content)
}

export const answer =
  (status: number): Behaviour =>
  (response) => {
    response.writeHead(status).end()
  }

export const redirectTo =
  (location: string): Behaviour =>
  (response) => {
    response.writeHead(302, { location }).end()
  }

/** Sends the client to the same file once more. */
export const redirect: Behaviour = (response, request, content) =>
  redirectTo(request.url ?? '')(response, request, content)
