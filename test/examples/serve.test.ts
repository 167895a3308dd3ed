import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { run } from '../support/packed-package.js'
import { temporaryFolder } from '../support/temporary-folder.js'
import { servePage, serveProgram } from './serve-page.js'

describe('serve.mjs', () => {
  function madeModel(): string {
    const directory = temporaryFolder('browser-model')
    for (const name of ['model.json', 'weights.bin']) writeFileSync(path.join(directory, name), name)
    return directory
  }

  it('gives out the files of the page and of the network, and nothing else', async () => {
    const { address, stop } = await servePage(madeModel())
    onTestFinished(stop)
    const status = async (name: string, options?: RequestInit) => (await fetch(`${address}${name}`, options)).status
    for (const name of ['', 'page.mjs', 'resample.js', 'tensorflow/tf-core.js', 'model/weights.bin?now']) {
      expect(await status(name), name).toBe(200)
    }
    for (const name of ['README.md', 'model/', 'model/..%2fserve.mjs', '%2e%2e/package.json', '__proto__']) {
      expect(await status(name), name).toBe(404)
    }
    expect(await status('page.mjs', { method: 'POST' })).toBe(405)
  })

  it('writes the same files for another web server', () => {
    const site = path.join(temporaryFolder('browser-site'), 'site')
    run(process.execPath, [serveProgram, madeModel(), '--write', site], '.')
    expect(readFileSync(path.join(site, 'model', 'weights.bin'), 'utf8')).toBe('weights.bin')
    const page = readFileSync(path.join(site, 'index.html'), 'utf8')
    for (const [, name = ''] of page.matchAll(/(?:src|href)="([\w/.-]+)"/g)) {
      expect(existsSync(path.join(site, name)), name).toBe(true)
    }
  })

  it.each([
    [[], 'Name one folder: node serve.mjs MODEL'],
    [['docs'], 'docs holds no model.json. Make one with: fear-nas export RUN --format tfjs --out docs'],
    [['docs', '--port', 'x'], '--port x is not a number of 0 to 65535'],
  ])('says what is wrong: %s', (args, message) => {
    const { status, stderr } = spawnSync(process.execPath, [serveProgram, ...args], { encoding: 'utf8' })
    expect({ status, stderr }).toEqual({ status: 2, stderr: `${message}\n` })
  })
})
