import { spawnSync } from 'node:child_process'
import { closeSync, openSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { FileKindError, FileSizeError, readInPieces, readPlainFile } from '../../src/platform/plain-file.js'
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
    truncateSync(file, 3 * 2 ** 30)
    expect(() => readPlainFile(file, { mostBytes: 2 ** 31 })).toThrow(FileSizeError)
  })

  it('reads in pieces what one call cannot, up to the end of the file', () => {
    const file = path.join(folder, 'pieces')
    writeFileSync(file, '0123456789')
    const read = (size: number, pieceBytes: number): string => {
      const descriptor = openSync(file, 'r')
      try {
        return readInPieces(descriptor, size, pieceBytes).toString()
      } finally {
        closeSync(descriptor)
      }
    }
    for (let piece = 1; piece <= 11; piece++) expect(read(10, piece)).toBe('0123456789')
    expect(read(7, 3)).toBe('0123456')
    // It was cut off after its length was taken.
    expect(read(12, 5)).toBe('0123456789')
  })
})
