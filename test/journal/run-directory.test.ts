import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import {
  existsSync,
  linkSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { hostname } from 'node:os'
import path from 'node:path'
import { beforeEach, describe, expect, it } from 'vitest'
import type { JournalEvent } from '../../src/journal/journal-event.js'
import {
  checkRunDirectory,
  claimDirectory,
  createRunDirectory,
  resumeRunDirectory,
} from '../../src/journal/run-directory.js'
import { RunDirectoryError } from '../../src/platform/errors.js'
import { processIdentity, processPlace } from '../../src/platform/processes.js'
import { temporaryFolder } from '../support/temporary-folder.js'

const started: JournalEvent = {
  event: 'run.started',
  schema: 1,
  date: '2026-01-01T00:00:00.000Z',
  command: 'search',
  config: {},
  seed: 1,
  hardware: { cpu: 'x', physicalCores: 1, logicalCores: 1, memoryBytes: 1, platform: 'linux-x64', node: 'v20' },
  engine: 'native',
}

let root: string

beforeEach(() => {
  root = temporaryFolder('run')
})

/** Writes the lock of a process of this machine, in this namespace, with some fields of its own. */
function lock(directory: string, owner: { readonly pid: number; readonly [field: string]: unknown }): void {
  const here = { host: hostname(), date: '2026-01-01T00:00:00.000Z', ...processPlace() }
  writeFileSync(path.join(directory, 'lock'), JSON.stringify({ ...here, ...owner }))
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

  it('is rid, when it is opened again, of what a killed process left half-written, and of nothing else', async () => {
    await (await createRunDirectory(root)).close()
    const { pid } = spawnSync(process.execPath, ['--version'])
    const uuid = '0b34c3ad-3c5c-4a9e-8c5d-0123456789ab'
    const dead = [`summary.json.${pid}.${uuid}.tmp`, `best-fear.bin.${process.pid}.${uuid}.tmp`, `lock.${pid}`]
    const kept = [`report.html.${process.ppid}.${uuid}.tmp`, 'notes.tmp', 'best-fear.bin']
    for (const name of [...dead, `lock.stale.${pid}`, ...kept]) writeFileSync(path.join(root, name), 'half')
    await (await resumeRunDirectory(root)).close()
    expect(readdirSync(root).sort()).toEqual(['journal.jsonl', ...kept].sort())
  })

  it.each(['summary.json', 'config.yaml', 'best-fear.bin'])(
    'has the old %s or the new one, never a part',
    async (name) => {
      const run = await createRunDirectory(root)
      const sizes = [1, 1 << 20, 17]
      for (const size of sizes) {
        run.write(name, 'x'.repeat(size))
        // A link to the file as it was: a file that is written in place would change under it.
        linkSync(run.file(name), run.file(`${size}`))
      }
      for (const size of sizes) expect(statSync(run.file(`${size}`)).size).toBe(size)
      await run.close()
    },
  )

  it('is not created by a check', () => {
    const directory = path.join(root, 'results', 'first')
    checkRunDirectory(directory)
    expect(readdirSync(root)).toEqual([])
  })

  it('holds one run only, once that has begun', async () => {
    for (let attempt = 0; attempt < 2; attempt++) {
      const run = await createRunDirectory(root)
      if (attempt === 1) await run.journal.append(started)
      await run.close()
    }
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
    lock(root, { pid: other.pid ?? 0 })
    await expect(resumeRunDirectory(root)).rejects.toThrow(`in use by process ${other.pid}`)
    other.stdin.end()
    await exited
    await (await resumeRunDirectory(root)).close()
  })

  it('is taken over when a dead process had the id that this one has', async () => {
    lock(root, { pid: process.pid })
    await (await createRunDirectory(root)).close()
  })

  it('is respected when it is of another machine, whose processes cannot be seen', async () => {
    const { pid } = spawnSync(process.execPath, ['--version'])
    lock(root, { pid, host: 'elsewhere', boot: 'another', machine: 'another' })
    await expect(createRunDirectory(root)).rejects.toThrow('on elsewhere')
    expect(existsSync(path.join(root, 'lock'))).toBe(true)
  })

  it.skipIf(process.platform !== 'linux')(
    'is taken over when its process id now is that of another process',
    async () => {
      const lived = { pid: process.ppid, identity: '00000000-0000-0000-0000-000000000000/1' }
      lock(root, lived)
      await (await createRunDirectory(root)).close()
      lock(root, { ...lived, identity: processIdentity(process.ppid) })
      await expect(createRunDirectory(root)).rejects.toThrow(`in use by process ${process.ppid}`)
    },
  )

  it('that somebody else has taken meanwhile is left alone at the end', async () => {
    const run = await createRunDirectory(root)
    const other = JSON.stringify({ pid: 1, host: 'elsewhere' })
    writeFileSync(run.file('lock'), other)
    await run.close()
    expect(readFileSync(path.join(root, 'lock'), 'utf8')).toBe(other)
  })

  it('is respected while it is being written, and taken over when it has long been no lock at all', async () => {
    const file = path.join(root, 'lock')
    for (const contents of ['', 'half a li', '{"pid":0,"host":"x"}']) {
      writeFileSync(file, contents)
      await expect(createRunDirectory(root)).rejects.toThrow('in use by another process')
      utimesSync(file, 0, 0)
      await (await createRunDirectory(root)).close()
    }
  })
})

describe('a directory that is claimed', () => {
  it('is a new one each time, and its parents may have to be made', () => {
    const wanted = path.join(root, 'results', 'quick-20260131-154500')
    const claimed = Array.from({ length: 3 }, () => claimDirectory(wanted))
    expect(claimed).toEqual([wanted, `${wanted}-2`, `${wanted}-3`])
    expect(claimed.every((directory) => statSync(directory).isDirectory())).toBe(true)
  })

  it.skipIf(process.platform !== 'linux')('is refused where none can be made', () => {
    expect(() => claimDirectory('/proc/nope/run')).toThrow(RunDirectoryError)
  })
})
