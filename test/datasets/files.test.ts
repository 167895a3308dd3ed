import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, describe, expect, it } from 'vitest'
import { cacheFolder, packageRoot, writeFileAtomic } from '../../src/platform/files.js'

const folder = mkdtempSync(path.join(tmpdir(), 'fear-nas-files-'))
afterAll(() => rmSync(folder, { recursive: true }))

describe('writeFileAtomic', () => {
  it('creates and replaces files and leaves nothing else', () => {
    const inside = path.join(folder, 'atomic')
    mkdirSync(inside)
    const file = path.join(inside, 'a.txt')
    writeFileAtomic(file, 'one')
    writeFileAtomic(file, Uint8Array.of(50, 51))
    expect(readFileSync(file, 'utf8')).toBe('23')
    expect(readdirSync(inside)).toEqual(['a.txt'])
  })

  it('leaves the old content and no temporary file after a failure', () => {
    const inside = path.join(folder, 'failing')
    mkdirSync(path.join(inside, 'taken', 'child'), { recursive: true })
    expect(() => writeFileAtomic(path.join(inside, 'taken'), 'x')).toThrow(/EISDIR|ENOTEMPTY|EPERM|EEXIST/)
    expect(readdirSync(inside)).toEqual(['taken'])
    expect(existsSync(path.join(inside, 'taken', 'child'))).toBe(true)
  })
})

describe('packageRoot', () => {
  it('is the folder of package.json', () => {
    expect(packageRoot()).toBe(fileURLToPath(new URL('../..', import.meta.url)).replace(/[/\\]$/, ''))
  })
})

describe('cacheFolder', () => {
  const noWarning = (message: string): never => expect.fail(message)

  it('follows FEAR_NAS_CACHE, then XDG_CACHE_HOME, and creates the folder', () => {
    const own = path.join(folder, 'own', 'deep')
    const xdg = path.join(folder, 'xdg')
    expect(cacheFolder({ FEAR_NAS_CACHE: own, XDG_CACHE_HOME: xdg }, noWarning)).toBe(own)
    expect(existsSync(own)).toBe(true)
    expect(cacheFolder({ XDG_CACHE_HOME: xdg }, noWarning)).toBe(path.join(xdg, 'fear-nas'))
    expect(cacheFolder({ FEAR_NAS_CACHE: '', XDG_CACHE_HOME: xdg }, noWarning)).toBe(path.join(xdg, 'fear-nas'))
  })

  it('falls back to a temporary folder, with a warning, where it cannot write', () => {
    const file = path.join(folder, 'a-file')
    writeFileSync(file, '')
    const warnings: string[] = []
    const fallback = cacheFolder({ FEAR_NAS_CACHE: path.join(file, 'cache') }, (message) => warnings.push(message))
    expect(fallback.startsWith(tmpdir())).toBe(true)
    expect(existsSync(fallback)).toBe(true)
    expect(warnings).toEqual([expect.stringContaining(path.join(file, 'cache'))])
    expect(warnings[0]).toContain('Set FEAR_NAS_CACHE')
  })
})
