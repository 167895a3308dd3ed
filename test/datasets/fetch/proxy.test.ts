import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import http from 'node:http'
import https from 'node:https'
import net, { type AddressInfo } from 'node:net'
import path from 'node:path'
import { afterAll, afterEach, describe, expect, it, vi } from 'vitest'
import { download } from '../../../src/datasets/fetch/download.js'
import { fetchDataset } from '../../../src/datasets/fetch/fetch-dataset.js'
import { defaultLimits } from '../../../src/datasets/fetch/limits.js'
import { proxyFor } from '../../../src/datasets/fetch/proxy.js'
import { temporaryFolder } from '../../support/temporary-folder.js'
import { redirectTo, serveFiles } from './file-server.js'

const content = Buffer.from('the content of a file')
const md5 = createHash('md5').update(content).digest('hex')
const folder = temporaryFolder('proxy')
const plain = await serveFiles({ 'data.gz': content })
const pem = readFileSync('test/datasets/fixtures/localhost.pem')
const closing: (() => void)[] = []

async function listening(server: http.Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  closing.push(() => {
    server.closeAllConnections()
    server.close()
  })
  return (server.address() as AddressInfo).port
}

/** An https server; where it sends elsewhere, with the plain server's URL. */
const securePort = await listening(
  https.createServer({ key: pem, cert: pem }, (request, response) => {
    if (request.url === '/away') response.writeHead(302, { location: `${plain.url}data.gz` }).end()
    else response.writeHead(200, { 'content-length': content.length }).end(content)
  }),
)

/** A proxy that notes what it was asked for. */
const asked: string[] = []
const proxy = http.createServer((request, response) => {
  asked.push(`GET ${request.url} ${request.headers['proxy-authorization'] ?? ''}`.trim())
  http.get(request.url ?? '', (answer) => {
    response.writeHead(answer.statusCode ?? 500, answer.headers)
    answer.pipe(response)
  })
})
proxy.on('connect', (request, client: net.Socket) => {
  asked.push(`CONNECT ${request.url}`)
  const server = net.connect(securePort, '127.0.0.1', () => {
    client.write('HTTP/1.1 200 Connection Established\r\n\r\n')
    server.pipe(client)
    client.pipe(server)
  })
  for (const socket of [server, client]) socket.on('error', () => {})
})
const proxyPort = await listening(proxy)
const proxyUrl = `http://127.0.0.1:${proxyPort}`

afterAll(() => {
  for (const close of closing) close()
})
afterEach(() => {
  vi.unstubAllEnvs()
  asked.length = 0
})

let files = 0
function get(url: string): Promise<boolean> {
  const file = path.join(folder, String(files++))
  return download({ url, file, md5, bytes: content.length }, {}, { ...defaultLimits, pauses: [] })
}

/** Trusts the test's certificate. */
function trusting(): void {
  vi.stubEnv('NODE_TLS_REJECT_UNAUTHORIZED', '0')
  vi.spyOn(process, 'emitWarning').mockImplementation(() => {})
}

describe('a download through a proxy', () => {
  it.each(['HTTPS_PROXY', 'https_proxy', 'ALL_PROXY'])('goes through a tunnel where %s names one', async (variable) => {
    trusting()
    vi.stubEnv(variable, proxyUrl)
    expect(await get(`https://mirror.example:${securePort}/data.gz`)).toBe(true)
    expect(asked).toEqual([`CONNECT mirror.example:${securePort}`])
  })

  it('asks for plain URLs by HTTP_PROXY, with a name and a password', async () => {
    vi.stubEnv('HTTP_PROXY', proxyUrl.replace('//', '//me:secret@'))
    expect(await get(`${plain.url}data.gz`)).toBe(true)
    expect(asked).toEqual([`GET ${plain.url}data.gz Basic ${Buffer.from('me:secret').toString('base64')}`])
    expect(proxyFor(new URL(plain.url))?.name).toBe(proxyUrl)
  })

  it('goes straight to what NO_PROXY lists', async () => {
    vi.stubEnv('HTTP_PROXY', proxyUrl)
    vi.stubEnv('NO_PROXY', 'example.org,127.0.0.1')
    expect(await get(`${plain.url}data.gz`)).toBe(true)
    expect(asked).toEqual([])
  })

  it('takes a proxy without a scheme for one of http', async () => {
    trusting()
    vi.stubEnv('HTTPS_PROXY', `127.0.0.1:${proxyPort}`)
    expect(await get(`https://mirror.example:${securePort}/data.gz`)).toBe(true)
    expect(asked).toHaveLength(1)
  })

  it('says which proxy cannot be reached', async () => {
    const gone = await serveFiles({})
    await gone.close()
    vi.stubEnv('HTTPS_PROXY', gone.url)
    await expect(get('https://mirror.example/data.gz')).rejects.toThrow(
      new RegExp(`ECONNREFUSED .*\\(through the proxy ${gone.url.slice(0, -1)}\\)`),
    )
  })

  it.each(['socks5://127.0.0.1:1', 'ftp://example.org', 'http://'])('refuses the proxy %s', (value) => {
    vi.stubEnv('HTTPS_PROXY', value)
    expect(() => proxyFor(new URL('https://example.org'))).toThrow(
      'HTTPS_PROXY (or ALL_PROXY) must be the URL of an http or https proxy, such as http://proxy.example:3128.',
    )
  })

  it('is told in a line', async () => {
    vi.stubEnv('HTTP_PROXY', proxyUrl)
    const lines: string[] = []
    const from = plain.url
    const hooks = { onLine: (text: string) => lines.push(text) }
    await expect(fetchDataset({ name: 'mnist', to: folder, from, limits: { pauses: [] } }, hooks)).rejects.toThrow(
      '404',
    )
    expect(lines).toEqual([`through the proxy ${proxyUrl}`])
  })
})

describe('a redirection', () => {
  it('from https to http is not followed', async () => {
    trusting()
    await expect(get(`https://127.0.0.1:${securePort}/away`)).rejects.toThrow(
      `the server redirects to ${plain.url}data.gz, and redirects from https to http are not followed`,
    )
  })

  it('from http to https is', async () => {
    trusting()
    plain.next.push(redirectTo(`https://127.0.0.1:${securePort}/data.gz`))
    expect(await get(`${plain.url}data.gz`)).toBe(true)
  })
})
