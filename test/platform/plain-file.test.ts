import { spawnSync } from 'node:child_process'
import { symlinkSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { FileKindError, readPlainFile } from '../../src/platform/plain-file.js'
import { temporaryFolder } from '../support/temporary-folder.js'

describe('readPlainFile', () => {
  const folder = temporaryFolder('plain-file')

  it('reads a file, also through a link unless told not to', () => {
    const file = path.join(folder, 'file')
    writeFileSync(file, 'content')
    symlinkSync(file, path.join(folder, 'link'))
    expect(readPlainFile(file).toString()).toBe('content')
    expect(readPlainFile(path.join(folder, 'link')).toString()).toBe('content')
    expect(() => readPlainFile(path.join(folder, 'link'), { followLinks: false })).toThrow('ELOOP')
  })

  it('refuses a named pipe at once, a folder and a device', () => {
    const pipe = path.join(folder, 'pipe')
    expect(spawnSync('mkfifo', [pipe]).status).toBe(0)
    expect(() => readPlainFile(pipe)).toThrow(
      new FileKindError(`${pipe} is a named pipe; a plain file is expected here.`),
    )
    expect(() => readPlainFile(folder)).toThrow(`${folder} is a folder`)
    expect(() => readPlainFile('/dev/zero')).toThrow('/dev/zero is a device')
  })

  it('refuses what is too large without reading it', () => {
    const file = path.join(folder, 'large')
    writeFileSync(file, '12345')
    expect(readPlainFile(file, { mostBytes: 5 }).toString()).toBe('12345')
    expect(() => readPlainFile(file, { mostBytes: 4 })).toThrow(`${file} has 5 bytes, more than the limit of 4.`)
  })
})
