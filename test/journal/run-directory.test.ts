import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { hostname, tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { checkRunDirectory, createRunDirectory, resumeRunDirectory } from '../../src/journal/run-directory.js'
import { RunDirectoryError } from '../../src/platform/errors.js'

let root: string

beforeEach(() => {
  root = mkdtempSync(path.join(tmpdir(), 'fear-nas-run-'))
})

afterEach(() => rmSync(root, { recursive: true }))

function lock(directory: string, owner: { readonly pid: number; readonly host: string }): void {
  writeFileSync(path.join(directory, 'lock'), JSON.stringify(owner))
}

describe('a run directory', () => {
  it('is created with its parents, holds files, and leaves no lock behind', async () => {
    const directory = path.join(root, 'results', 'first')
    const run = await createRunDirectory(directory)
    run.write('summary.json', '{"trials":1}')
    run.write('summary.json', '{"trials":2}')
    expect(readFileSync(run.file('summary.json'), 'utf8')).toBe('{"trials":2}')
    expect(readdirSync(directory).sort()).toEqual(['journal.jsonl', 'lock', 'summary.json'])
    await run.close()
    expect(readdirSync(directory).sort()).toEqual(['journal.jsonl', 'summary.json'])
  })

  it('may be an empty folder that exists', async () => {
    const run = await createRunDirectory(root)
    await run.close()
    expect(existsSync(path.join(root, 'journal.jsonl'))).toBe(true)
  })

  it('is not created by a check', () => {
    const directory = path.join(root, 'results', 'first')
    checkRunDirectory(directory)
    expect(readdirSync(root)).toEqual([])
  })

  it('holds one run only', async () => {
    await (await createRunDirectory(root)).close()
    await expect(createRunDirectory(root)).rejects.toThrow(RunDirectoryError)
    await expect(createRunDirectory(root)).rejects.toThrow('already holds a run')
    expect(() => checkRunDirectory(root)).toThrow('already holds a run')
  })

  it('can be opened again to go on', async () => {
    await (await createRunDirectory(root)).close()
    await (await resumeRunDirectory(root)).close()
    await expect(resumeRunDirectory(path.join(root, 'nothing'))).rejects.toThrow('holds no run')
  })

  it('keeps the old contents where writing the new ones fails', async () => {
    const run = await createRunDirectory(root)
    mkdirSync(run.file('taken'))
    expect(() => run.write('taken', 'text')).toThrow()
    expect(readdirSync(root).sort()).toEqual(['journal.jsonl', 'lock', 'taken'])
    await run.close()
  })

  it.each([
    { what: 'a file', name: 'file', message: 'it is a file' },
    { what: 'below a file', name: 'file/run', message: 'a part of its path is a file' },
  ])('is refused where it is $what', async ({ name, message }) => {
    writeFileSync(path.join(root, 'file'), '')
    await expect(createRunDirectory(path.join(root, name))).rejects.toThrow(RunDirectoryError)
    await expect(createRunDirectory(path.join(root, name))).rejects.toThrow(message)
    expect(() => checkRunDirectory(path.join(root, name))).toThrow(message)
  })

  it.skipIf(process.platform !== 'linux')('is refused where nothing can be written', async () => {
    await expect(createRunDirectory('/proc/fear-nas')).rejects.toThrow(RunDirectoryError)
  })
})

describe('the lock of a run directory', () => {
  it('keeps this process out while it drives the run', async () => {
    const run = await createRunDirectory(root)
    await expect(resumeRunDirectory(root)).rejects.toThrow(`in use by process ${process.pid}`)
    await run.close()
    await (await resumeRunDirectory(root)).close()
  })

  it('keeps out others while the process that holds it lives, and not once it is gone', async () => {
    await (await createRunDirectory(root)).close()
    // Lives until its standard input ends.
    const other = spawn(process.execPath, ['-e', 'process.stdin.resume()'], { stdio: ['pipe', 'ignore', 'ignore'] })
    const exited = once(other, 'exit')
    lock(root, { pid: other.pid ?? 0, host: hostname() })
    await expect(resumeRunDirectory(root)).rejects.toThrow(`in use by process ${other.pid}`)
    other.stdin.end()
    await exited
    await (await resumeRunDirectory(root)).close()
  })

  it('is taken over when a dead process had the id that this one has', async () => {
    lock(root, { pid: process.pid, host: hostname() })
    await (await createRunDirectory(root)).close()
  })

  it('is respected when it is of another machine, whose processes cannot be seen', async () => {
    const { pid } = spawnSync(process.execPath, ['--version'])
    lock(root, { pid, host: 'elsewhere' })
    await expect(createRunDirectory(root)).rejects.toThrow('on elsewhere')
    expect(existsSync(path.join(root, 'lock'))).toBe(true)
  })

  it('is taken over when it is no lock at all', async () => {
    writeFileSync(path.join(root, 'lock'), 'half a li')
    await (await createRunDirectory(root)).close()
  })
})
