import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync, utimesSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { beforeEach, describe, expect, it } from 'vitest'
import { systemClock } from '../../src/platform/clock.js'
import { tryLock } from '../../src/platform/lock-file.js'
import { temporaryFolder } from '../support/temporary-folder.js'

let file: string
const take = () => tryLock(file, systemClock, 60)

beforeEach(() => {
  file = path.join(temporaryFolder('lock-file'), 'lock')
})

describe('a lock file', () => {
  it('is held by one until it is released', () => {
    const release = take()
    expect(release).not.toBeNull()
    expect(take()).toBeNull()
    release?.()
    expect(existsSync(file)).toBe(false)
    expect(take()).not.toBeNull()
  })

  it('of a dead process does not count, nor that of an earlier process with the same id', () => {
    take()
    const own = JSON.parse(readFileSync(file, 'utf8'))
    const { pid } = spawnSync(process.execPath, ['--version'])
    writeFileSync(file, JSON.stringify({ ...own, pid }))
    expect(take()).not.toBeNull()
    writeFileSync(file, JSON.stringify({ ...own, identity: 'another boot/1' }))
    // Without /proc there is no identity to compare.
    expect(take() !== null).toBe(own.identity !== null)
  })

  it('of another container, or without contents, counts until it is too old', () => {
    for (const contents of ['', '{"pid":1,"identity":null,"place":"elsewhere"}', '{"pid":-5,"place":"null null"}']) {
      writeFileSync(file, contents)
      expect(take()).toBeNull()
      const old = Date.parse(systemClock.date()) / 1000 - 61
      utimesSync(file, old, old)
      const release = take()
      expect(release).not.toBeNull()
      release?.()
    }
  })

  it('that another process has taken over meanwhile is not released', () => {
    const release = take()
    writeFileSync(file, '{"pid":1,"identity":null,"place":"elsewhere"}')
    release?.()
    expect(existsSync(file)).toBe(true)
  })

  it('in a folder that is not there is an error of the system', () => {
    expect(() => tryLock(path.join(file, 'lock'), systemClock, 60)).toThrow(/ENOENT/)
  })
})
