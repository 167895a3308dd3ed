import {
  chmodSync,
  chownSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { userInfo } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { cacheFolder } from '../../src/platform/cache-folder.js'
import { makeDirectory } from '../../src/platform/make-directory.js'
import { temporaryFolder } from '../support/temporary-folder.js'

const folder = temporaryFolder('cache-folder')
const temporary = path.join(folder, 'tmp')
const usual = path.join(temporary, `fear-nas-cache-${process.getuid?.() ?? 'user'}`)
const { TMPDIR } = process.env
const isRoot = process.getuid?.() === 0
if (!isRoot) process.stdout.write('skipped: folders of another user: only root can make one\n')

beforeEach(() => {
  mkdirSync(temporary)
  process.env.TMPDIR = temporary
})

afterEach(() => {
  for (const name of readdirSync(folder)) rmSync(path.join(folder, name), { recursive: true })
  if (TMPDIR === undefined) delete process.env.TMPDIR
  else process.env.TMPDIR = TMPDIR
})

const noWarning = (message: string): never => expect.fail(message)

/** The cache folder, and what is said of it. */
function ask(env: NodeJS.ProcessEnv): { readonly cache: string; readonly warnings: readonly string[] } {
  const warnings: string[] = []
  return { cache: cacheFolder(env, (message) => warnings.push(message)), warnings }
}

function made(name: string, mode: number): string {
  const one = path.join(folder, name)
  mkdirSync(one)
  chmodSync(one, mode)
  return one
}

const modeOf = (file: string): number => statSync(file).mode & 0o777

describe('the cache folder', () => {
  it('is named by FEAR_NAS_CACHE, then XDG_CACHE_HOME, then HOME, and made for this user alone', () => {
    const [own, xdg, home] = ['own/deep', 'xdg', 'home'].map((name) => path.join(folder, name))
    expect(cacheFolder({ FEAR_NAS_CACHE: own, XDG_CACHE_HOME: xdg, HOME: home }, noWarning)).toBe(own)
    // Quoted, as in a service's settings: no shell expands it.
    expect(cacheFolder({ FEAR_NAS_CACHE: '~/quoted', HOME: home }, noWarning)).toBe(path.join(home ?? '', 'quoted'))
    expect(modeOf(own ?? '')).toBe(0o700)
    for (const FEAR_NAS_CACHE of [undefined, '']) {
      const cache = cacheFolder({ FEAR_NAS_CACHE, XDG_CACHE_HOME: xdg, HOME: home }, noWarning)
      expect(cache).toBe(`${xdg}/fear-nas`)
      expect(modeOf(cache)).toBe(0o700)
    }
    // A relative one is to be ignored.
    for (const XDG_CACHE_HOME of [undefined, '', 'relative']) {
      expect(cacheFolder({ XDG_CACHE_HOME, HOME: home }, noWarning)).toBe(`${home}/.cache/fear-nas`)
    }
    expect(existsSync('relative')).toBe(false)
  })

  it.each(['', 'relative'])('is in the home folder that the system knows where HOME is "%s"', (HOME) => {
    const home = userInfo().homedir
    // Nothing must be created here for a user without a home directory.
    const { cache, warnings } = ask({ HOME })
    expect(cache).toBe(path.isAbsolute(home) ? path.join(home, '.cache', 'fear-nas') : usual)
    expect(warnings[0]).toContain(`HOME is '${HOME}', which is not an absolute path, so ${home} is used`)
    expect(existsSync('.cache')).toBe(false)
  })

  it('is a temporary one, with a warning, where HOME cannot hold it, /proc included', () => {
    const file = path.join(folder, 'file')
    writeFileSync(file, '')
    for (const HOME of [file, ...(process.platform === 'linux' ? ['/proc/nope'] : [])]) {
      const { cache, warnings } = ask({ HOME })
      expect(cache).toBe(usual)
      expect(modeOf(cache)).toBe(0o700)
      expect(warnings).toEqual([expect.stringContaining(`the cache folder ${HOME}/.cache/fear-nas cannot be used (EN`)])
      expect(warnings[0]).toContain('Set FEAR_NAS_CACHE.')
    }
  })

  it('may be shared by a group where FEAR_NAS_CACHE names it, and not elsewhere', () => {
    expect(cacheFolder({ FEAR_NAS_CACHE: made('group', 0o770) }, noWarning)).toBe(path.join(folder, 'group'))
    made('home', 0o755)
    mkdirSync(path.join(folder, 'home', '.cache', 'fear-nas'), { recursive: true })
    chmodSync(path.join(folder, 'home', '.cache', 'fear-nas'), 0o775)
    const { cache, warnings } = ask({ HOME: path.join(folder, 'home') })
    expect(cache).toBe(usual)
    expect(warnings[0]).toContain('other users of its group may write into it')
  })

  it.each([0o777, 0o1777, 0o702])('is never one that everybody may write into: %i', (mode) => {
    const { cache, warnings } = ask({ FEAR_NAS_CACHE: made('open', mode) })
    expect(cache).toBe(usual)
    expect(warnings[0]).toContain('every user may write into it')
  })

  it.skipIf(!isRoot)('is never one of another user', () => {
    const other = made('other', 0o755)
    chownSync(other, 65_534, 65_534)
    const { cache, warnings } = ask({ FEAR_NAS_CACHE: other })
    expect(cache).toBe(usual)
    expect(warnings[0]).toContain('it belongs to another user (uid 65534)')
  })
})

describe('the temporary cache folder', () => {
  const env = { HOME: '/dev/null' }
  const spoilt: readonly { what: string; spoil(): void; isPossible: boolean }[] = [
    { what: 'everybody may write into', spoil: () => [mkdirSync(usual), chmodSync(usual, 0o777)], isPossible: true },
    { what: 'is a link to a folder', spoil: () => symlinkSync(made('target', 0o700), usual), isPossible: true },
    { what: 'is a file', spoil: () => writeFileSync(usual, ''), isPossible: true },
    {
      what: 'is of another user',
      spoil: () => [mkdirSync(usual), chownSync(usual, 65_534, 65_534)],
      isPossible: isRoot,
    },
  ]
  it.each(spoilt.filter(({ isPossible }) => isPossible))('is a fresh one where that $what', ({ spoil }) => {
    spoil()
    const { cache, warnings } = ask(env)
    expect(cache).not.toBe(usual)
    expect(path.basename(cache)).toMatch(/^fear-nas-cache-.+-......$/)
    expect(warnings[0]).toContain('Set FEAR_NAS_CACHE.')
    // The same every time within a process.
    expect(ask(env).cache).toBe(cache)
  })

  it('is refused in one line where there is no folder for temporary files', () => {
    process.env.TMPDIR = path.join(folder, 'missing')
    expect(() => ask(env)).toThrow(
      /^no cache folder can be created, not even .* Set FEAR_NAS_CACHE to a folder of your own\.$/,
    )
  })
})

describe('makeDirectory', () => {
  it('makes parents, takes what is there, and never a file for a folder', () => {
    const deep = path.join(folder, 'a', 'b', 'c')
    makeDirectory(deep)
    makeDirectory(deep)
    expect(lstatSync(deep).isDirectory()).toBe(true)
    writeFileSync(path.join(deep, 'file'), '')
    for (const inside of ['file', 'file/d', 'file/d/e']) {
      expect(() => makeDirectory(path.join(deep, inside))).toThrow('ENOTDIR')
    }
  })

  it.skipIf(process.platform !== 'linux')('ends where the system refuses', () => {
    expect(() => makeDirectory('/proc/nope/deep')).toThrow('ENOENT')
  })
})
