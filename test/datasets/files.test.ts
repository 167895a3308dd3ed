import { existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { packageRoot, writeFileAtomic } from '../../src/platform/files.js'
import { temporaryFolder } from '../support/temporary-folder.js'

const folder = temporaryFolder('files')

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
    expect(() => writeFileAtomic(path.join(inside, 'taken'), 'x')).toThrow('is a folder; a plain file is expected here')
    expect(readdirSync(inside)).toEqual(['taken'])
    expect(existsSync(path.join(inside, 'taken', 'child'))).toBe(true)
  })
})

describe('packageRoot', () => {
  it('is the folder of package.json', () => {
    expect(packageRoot()).toBe(fileURLToPath(new URL('../..', import.meta.url)).replace(/[/\\]$/, ''))
  })
})
