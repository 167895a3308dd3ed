import { createHash } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { fetchDataset } from '../../../src/datasets/fetch/fetch-dataset.js'
import { fetchableNames, sourceOf } from '../../../src/datasets/fetch/sources.js'
import { ConfigError, DownloadError } from '../../../src/platform/errors.js'
import { temporaryFolder } from '../../support/temporary-folder.js'
import { serveFiles } from './file-server.js'

const folder = temporaryFolder('fetch')

describe('the sources', () => {
  it.each(fetchableNames)('%s has whole URLs and a checksum for every file', (name) => {
    const { bases, files, page } = sourceOf(name)
    for (const url of [...bases, page]) expect(new URL(url).protocol).toMatch(/^https?:$/)
    for (const base of bases) expect(base.endsWith('/')).toBe(true)
    expect(files.length).toBeGreaterThan(0)
    for (const { md5 } of files) expect(md5).toMatch(/^[0-9a-f]{32}$/)
  })

  it('says what can be fetched, and why not ImageNet16', () => {
    expect(() => sourceOf('imagenet16-120')).toThrow(/requires registration\. These can be: cifar10, cifar100, mnist/)
    expect(() => sourceOf('svhn')).toThrow(ConfigError)
  })
})

describe('fetchDataset', () => {
  it('refuses what is not the published file, and says which to get by hand', async () => {
    const content = Buffer.from('a page of a hotel network')
    const { url } = await serveFiles({ 'cifar-10-binary.tar.gz': content })
    const error: unknown = await fetchDataset({ name: 'cifar10', to: folder, from: url, limits: { pauses: [] } }).catch(
      (e: unknown) => e,
    )
    expect(error).toBeInstanceOf(DownloadError)
    const { message, exitCode } = error as DownloadError
    expect(exitCode).toBe(1)
    expect(message).toContain(`had MD5 ${createHash('md5').update(content).digest('hex')}, not the published c32a1d4a`)
    expect(existsSync(path.join(folder, 'cifar-10-binary.tar.gz'))).toBe(false)
  })

  it('says without a network which URL to open and where to put the file', async () => {
    const gone = await serveFiles({})
    await gone.close()
    const lines: string[] = []
    const error: unknown = await fetchDataset(
      { name: 'mnist', to: folder, from: gone.url.slice(0, -1), limits: { pauses: [0] } },
      { onLine: (text) => lines.push(text) },
    ).catch((e: unknown) => e)
    const { message } = error as DownloadError
    const file = path.join(folder, 'mnist', 'train-images-idx3-ubyte.gz')
    expect(message).toContain('train-images-idx3-ubyte.gz could not be downloaded.')
    expect(message).toContain('ECONNREFUSED')
    expect(message).toContain(
      `Open ${gone.url}train-images-idx3-ubyte.gz by hand (page: http://yann.lecun.com/exdb/mnist/)`,
    )
    expect(message).toContain(`put the file (9.5 MiB, MD5 f68b3c2dcbeaaa9fbdd348bbdeb94873) at ${file}`)
    expect(lines[0]).toContain('trying again in 0 s')
    expect(existsSync(file)).toBe(false)
  })

  it.each(['mirror', 'file:///data/', '/data'])('refuses %s for a mirror', async (from) => {
    await expect(fetchDataset({ name: 'mnist', to: folder, from })).rejects.toThrow(
      new ConfigError(`--from must be the URL of a folder, such as https://mirror.example/mnist/, got ${from}`),
    )
  })

  it('says where its folder cannot be made', async () => {
    await expect(fetchDataset({ name: 'mnist', to: path.resolve('package.json') })).rejects.toThrow(
      /package\.json.* cannot be created/,
    )
    expect(readFileSync('package.json', 'utf8')).toContain('fear-nas')
  })
})
