import type { IncomingMessage } from 'node:http'
import http from 'node:http'
import https from 'node:https'
import { DownloadError } from '../../platform/errors.js'
import { proxyFor, type WebProxy } from './proxy.js'

const mostRedirects = 5

/**
 * Requests a file from byte `from` on, through a proxy if the environment names one. Uses Node's plain client, since
 * `fetch` would unpack what a server labels as gzip, and the checksums are of the packed bytes.
 *
 * @param seconds maximum time without data, and until the answer.
 * @throws DownloadError for a redirect that is not followed; retrying does not help.
 * @throws the system's error if the server cannot be reached.
 */
export async function httpGet(url: string, from: number, seconds: number): Promise<IncomingMessage> {
  let asked = checkedUrl(url, null)
  for (let redirects = 0; ; redirects++) {
    const response = await request(asked, from, seconds)
    const { statusCode = 0, headers } = response
    if (statusCode < 300 || statusCode >= 400 || headers.location === undefined) return response
    response.destroy()
    if (redirects === mostRedirects) throw new DownloadError(`the server gives more than ${mostRedirects} redirections`)
    asked = checkedUrl(headers.location, asked)
  }
}

/** @throws DownloadError for an invalid or disallowed URL. */
function checkedUrl(text: string, redirectedFrom: URL | null): URL {
  const base = redirectedFrom ?? undefined
  const what = redirectedFrom === null ? '' : 'the server redirects to '
  if (!URL.canParse(text, base?.href)) throw new DownloadError(`${what}${JSON.stringify(text)}, which is not a URL`)
  const url = new URL(text, base)
  if (url.protocol !== 'http:' && url.protocol !== 'https:')
    throw new DownloadError(`${what}${url.href}, and only http and https are fetched`)
  if (redirectedFrom?.protocol === 'https:' && url.protocol === 'http:')
    throw new DownloadError(`${what}${url.href}, and https is not left for http`)
  return url
}

function request(url: URL, from: number, seconds: number): Promise<IncomingMessage> {
  const proxy = proxyFor(url)
  const options = {
    headers: {
      'user-agent': 'fear-nas',
      'accept-encoding': 'identity',
      ...(from > 0 ? { range: `bytes=${from}-` } : {}),
    },
    timeout: 1000 * seconds,
    ...(proxy === null ? {} : { agent: proxy.agent }),
  }
  return new Promise((resolve, reject) => {
    const client = url.protocol === 'http:' ? http : https
    const sent = client.get(url, options, (response) => {
      clearTimeout(deadline)
      resolve(response)
    })
    // A server that sends its headers byte by byte is never idle, so the total time is limited.
    const deadline = setTimeout(() => sent.destroy(new Error(`no answer within ${seconds} s`)), 1000 * seconds)
    sent.on('timeout', () => sent.destroy(new Error(`nothing came for ${seconds} s`)))
    sent.on('error', (error: NodeJS.ErrnoException) => {
      clearTimeout(deadline)
      reject(proxy === null ? error : throughProxy(error, proxy))
    })
  })
}

function throughProxy(cause: NodeJS.ErrnoException, { name }: WebProxy): Error {
  return new Error(`${cause.message || cause.code} (through the proxy ${name})`, { cause })
}
