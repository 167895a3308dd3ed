import { spawnSync } from 'node:child_process'
import { lstatSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { writeFileAtomic } from '../../src/platform/files.js'
import { temporaryFolder } from '../support/temporary-folder.js'

describe('writeFileAtomic', () => {
  const folder = temporaryFolder('files')

  it('takes the place of a file, and of a link, whose target stays as it was', () => {
    const [file, target, link] = ['file', 'target', 'link'].map((name) => path.join(folder, name)) as [
      string,
      string,
      string,
    ]
    writeFileSync(file, 'old')
    writeFileSync(target, 'old')
    symlinkSync(target, link)
    for (const name of [file, link]) {
      writeFileAtomic(name, 'new')
      expect(readFileSync(name, 'utf8')).toBe('new')
    }
    expect(readFileSync(target, 'utf8')).toBe('old')
  })

  it('never takes the place of a pipe or a folder, and leaves nothing behind', () => {
    const pipe = path.join(folder, 'others', 'pipe')
    const inner = path.join(folder, 'others', 'folder')
    mkdirSync(inner, { recursive: true })
    expect(spawnSync('mkfifo', [pipe]).status).toBe(0)
    expect(() => writeFileAtomic(pipe, 'new')).toThrow(`${pipe} is a named pipe; a plain file is expected here.`)
    expect(() => writeFileAtomic(inner, 'new')).toThrow(`${inner} is a folder`)
    expect(lstatSync(pipe).isFIFO()).toBe(true)
    expect(readdirSync(path.dirname(pipe)).toSorted()).toEqual(['folder', 'pipe'])
  })
})
