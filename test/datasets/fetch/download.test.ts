import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { download } from '../../../src/datasets/fetch/download.js'
import { defaultLimits } from '../../../src/datasets/fetch/limits.js'
import { DownloadError } from '../../../src/platform/errors.js'
import { temporaryFolder } from '../../support/temporary-folder.js'
import { answer, cutAfter, redirect, serveFiles, withoutRanges } from './file-server.js'

const content = Buffer.from(Uint8Array.from({ length: 300_000 }, (_, i) => (i * i + (i >> 8)) % 251))
const md5 = createHash('md5').update(content).digest('hex')
const server = await serveFiles({ 'data.gz': content })
const folder = temporaryFolder('download')
const noPauses = [0, 0, 0]
let runs = 0

/** A fresh place, and what a download to it does. */
function setUp(name = 'data.gz', expected = md5) {
  const place = path.join(folder, String(runs++))
  mkdirSync(place)
  const file = path.join(place, name)
  server.requests.length = 0
  const retries: string[] = []
  const progress: (readonly [number, number | null])[] = []
  const run = (pauses = noPauses, url = server.url + name) =>
    download(
      { url, file, md5: expected, bytes: content.length },
      { onRetry: (text) => retries.push(text), onBytes: (have, all) => progress.push([have, all]) },
      { ...defaultLimits, pauses },
    )
  return { file, part: `${file}.part`, run, retries, progress }
}

const isWhole = (file: string): boolean => content.equals(readFileSync(file))

describe('download', () => {
  it('fetches a file, tells how far it is, and leaves no part behind', async () => {
    const { file, part, run, progress } = setUp()
    expect(await run()).toBe(true)
    expect(isWhole(file)).toBe(true)
    expect(existsSync(part)).toBe(false)
    expect(progress.at(-1)).toEqual([300_000, 300_000])
    expect(server.requests).toEqual(['/data.gz'])
  })

  it('leaves a file alone that is there already', async () => {
    const { run } = setUp()
    await run()
    server.requests.length = 0
    expect(await run()).toBe(false)
    expect(server.requests).toEqual([])
  })

  it('never overwrites another file', async () => {
    const { file, run } = setUp()
    writeFileSync(file, 'mine')
    await expect(run()).rejects.toThrow(/exists, but its MD5 is .*Move or delete it/)
    expect(readFileSync(file, 'utf8')).toBe('mine')
  })

  it('goes on by itself where the connection was cut, as often as bytes come', async () => {
    const { file, run, retries } = setUp()
    server.next.push(...Array.from({ length: 6 }, () => cutAfter(40_000)))
    expect(await run([0])).toBe(true)
    expect(isWhole(file)).toBe(true)
    expect(server.requests).toEqual(['/data.gz', ...[1, 2, 3, 4, 5, 6].map((i) => `/data.gz bytes=${i * 40_000}-`)])
    expect(retries).toHaveLength(6)
    expect(retries[0]).toMatch(/aborted|ended|hang up|reset.*trying again in 0 s/)
  })

  it('keeps the part when it gives up, under another name, and goes on from it next time', async () => {
    const { file, part, run } = setUp()
    server.next.push(cutAfter(100_000))
    await expect(run([])).rejects.toThrow(DownloadError)
    expect(existsSync(file)).toBe(false)
    expect(Buffer.compare(readFileSync(part), content.subarray(0, 100_000))).toBe(0)
    server.requests.length = 0
    expect(await run()).toBe(true)
    expect(server.requests).toEqual(['/data.gz bytes=100000-'])
    expect(isWhole(file)).toBe(true)
  })

  it('starts again where a server knows no ranges', async () => {
    const { file, part, run } = setUp()
    writeFileSync(part, content.subarray(0, 5000))
    server.next.push(withoutRanges)
    expect(await run()).toBe(true)
    expect(isWhole(file)).toBe(true)
  })

  it('takes a part that is whole already, and throws away one that is too long', async () => {
    const whole = setUp()
    writeFileSync(whole.part, content)
    expect(await whole.run()).toBe(true)
    expect(server.requests).toEqual(['/data.gz bytes=300000-'])
    const long = setUp()
    writeFileSync(long.part, Buffer.concat([content, Buffer.from('more')]))
    expect(await long.run()).toBe(true)
    expect(isWhole(long.file)).toBe(true)
    expect(server.requests).toEqual(['/data.gz'])
  })

  it('fetches all of a file whose earlier part was of another one', async () => {
    const { file, part, run, retries } = setUp()
    writeFileSync(part, Buffer.alloc(1000, 1))
    expect(await run()).toBe(true)
    expect(isWhole(file)).toBe(true)
    expect(retries.join()).toContain('the MD5 is wrong with the earlier part')
  })

  it('deletes what has a wrong checksum', async () => {
    const { file, part, run } = setUp('data.gz', '0'.repeat(32))
    await expect(run()).rejects.toThrow(
      `the download had MD5 ${md5}, not the published ${'0'.repeat(32)}, and was deleted`,
    )
    expect([existsSync(file), existsSync(part)]).toEqual([false, false])
  })

  it('does not ask twice for what is not there, and leaves nothing', async () => {
    const { file, part, run, retries } = setUp('absent.gz')
    await expect(run()).rejects.toThrow('the server answers 404 Not Found')
    expect(server.requests).toEqual(['/absent.gz'])
    expect(retries).toEqual([])
    expect([existsSync(file), existsSync(part)]).toEqual([false, false])
  })

  it('asks again where the server is busy', async () => {
    const { file, run } = setUp()
    server.next.push(answer(503), answer(429))
    expect(await run()).toBe(true)
    expect(server.requests).toHaveLength(3)
    expect(isWhole(file)).toBe(true)
  })

  it('says so at once where nothing can be written', async () => {
    const { part, run, retries } = setUp()
    mkdirSync(part)
    await expect(run()).rejects.toThrow(`${part} cannot be written (EISDIR`)
    expect(retries).toEqual([])
  })

  it('follows redirections, but not for ever', async () => {
    const { file, run } = setUp()
    server.next.push(redirect)
    expect(await run()).toBe(true)
    expect(isWhole(file)).toBe(true)
    const lost = setUp()
    server.next.push(...Array.from({ length: 6 }, () => redirect))
    await expect(lost.run([])).rejects.toThrow('redirects more than 5 times')
  })

  it('says so where nobody answers, after the tries it may have', async () => {
    const gone = await serveFiles({})
    await gone.close()
    const { file, part, run, retries } = setUp()
    await expect(run([0, 0], `${gone.url}data.gz`)).rejects.toThrow(/ECONNREFUSED/)
    expect(retries).toHaveLength(2)
    expect([existsSync(file), existsSync(part)]).toEqual([false, false])
  })
})
