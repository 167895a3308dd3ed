import type { IncomingMessage } from 'node:http'
import http from 'node:http'
import https from 'node:https'

/** A server that sends nothing for so long is given up. */
const idleMilliseconds = 60_000
const mostRedirects = 5

/**
 * Asks for a file from byte `from` on. Node's `fetch` would unpack what a server labels as gzip, and these are the very
 * bytes that checksums are of; so this is the plain client.
 *
 * @throws the system's error where the server cannot be reached.
 */
export async function httpGet(url: string, from: number, redirects = mostRedirects): Promise<IncomingMessage> {
  const response = await request(url, from)
  const { statusCode = 0, headers } = response
  if (statusCode < 300 || statusCode >= 400 || headers.location === undefined) return response
  response.destroy()
  if (redirects === 0) throw new Error(`more than ${mostRedirects} redirections`)
  return httpGet(new URL(headers.location, url).href, from, redirects - 1)
}

function request(url: string, from: number): Promise<IncomingMessage> {
  const headers = {
    'user-agent': 'fear-nas',
    'accept-encoding': 'identity',
    ...(from > 0 ? { range: `bytes=${from}-` } : {}),
  }
  return new Promise((resolve, reject) => {
    const client = new URL(url).protocol === 'http:' ? http : https
    const sent = client.get(url, { headers, timeout: idleMilliseconds }, resolve)
    sent.on('timeout', () => sent.destroy(new Error(`nothing came for ${idleMilliseconds / 1000} s`)))
    sent.on('error', reject)
  })
}
