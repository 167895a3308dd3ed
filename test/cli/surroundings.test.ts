import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { temporaryFolder } from '../support/temporary-folder.js'
import { runSurrounded } from './run-surrounded.js'
import { expectOneLine } from './tiny-searches.js'

const folder = temporaryFolder('surroundings')
const isLinux = process.platform === 'linux'
const hasFull = existsSync('/dev/full')

describe('a working directory that is gone', () => {
  const script = `mkdir "${folder}/gone" && cd "${folder}/gone" && rmdir ../gone && exec "$@"`
  it('is told in one line by what needs it', async () => {
    const result = await runSurrounded(['search', path.resolve('search-configs/quick.yaml')], { script })
    expect(result).toMatchObject({ exitCode: 2, stdout: '' })
    expectOneLine(result, 'The working directory no longer exists.')
  })

  it('is told so too where every path is in full: workers cannot start in it', async () => {
    const out = path.join(folder, 'elsewhere')
    const result = await runSurrounded(['search', path.resolve('search-configs/quick.yaml'), '--out', out], { script })
    expect(result).toMatchObject({ exitCode: 2, stdout: '' })
    expectOneLine(result, 'The working directory no longer exists.')
    expect(existsSync(out)).toBe(false)
  })

  it('is no matter to what does not', async () => {
    expect(await runSurrounded(['list', folder], { script })).toMatchObject({ exitCode: 0, stderr: '' })
  })
})

describe.skipIf(!isLinux)('few open files', () => {
  it.each([30, 60])('%i: one line that names the limit', async (limit) => {
    const args = ['search', path.resolve('search-configs/quick.yaml'), '--out', path.join(folder, 'few')]
    const result = await runSurrounded(args, { script: `ulimit -n ${limit}; exec "$@"` })
    expect(result).toMatchObject({ exitCode: 2, stdout: '' })
    expectOneLine(result, `fear-nas has reached its limit of ${limit} open files. Raise the limit`)
    expect(existsSync(path.join(folder, 'few'))).toBe(false)
  })
})

describe.skipIf(!hasFull)('standard output on a full disk', () => {
  it.each([['list', folder], ['config', 'schema'], ['--help']])('fails what is there to print: %s', async (...args) => {
    const result = await runSurrounded(args, { script: 'exec "$@" > /dev/full' })
    expect(result.exitCode).toBe(1)
    expectOneLine(result, 'standard output cannot be written (ENOSPC')
  })

  it.each(['>&-', '2>&-', '<&-'])('is another matter than a stream that is closed: %s', async (closed) => {
    expect((await runSurrounded(['list', folder], { script: `exec "$@" ${closed}` })).exitCode).toBe(0)
  })
})

describe('a home folder that is none', () => {
  it.each(['', '/proc/nope'])(
    '"%s" keeps nothing from working, and nothing is made in the working directory',
    async (HOME) => {
      const cwd = path.join(folder, `home${HOME.length}`)
      mkdirSync(cwd)
      writeFileSync(path.join(cwd, 'a.yaml'), 'data: { name: fashion-mnist, train: 60 }\n')
      const env = { HOME, FEAR_NAS_CACHE: undefined, XDG_CACHE_HOME: undefined }
      const result = await runSurrounded(['data', 'check', 'a.yaml'], { cwd, env })
      expect(result.exitCode).not.toBe(null)
      expect(result.stderr).not.toContain('This is a bug')
      expect(existsSync(path.join(cwd, '.cache'))).toBe(false)
    },
  )
})
