import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { beforeEach, describe, expect, it } from 'vitest'
import { openJournal } from '../../src/journal/journal.js'
import type { JournalEvent } from '../../src/journal/journal-event.js'
import { readJournal } from '../../src/journal/read-journal.js'
import { RunWriteError } from '../../src/platform/errors.js'
import { temporaryFolder } from '../support/temporary-folder.js'

const started: JournalEvent = {
  event: 'run.started',
  schema: 1,
  date: '2026-01-01T00:00:00.000Z',
  command: 'search',
  config: {},
  seed: 1,
  hardware: { cpu: 'x', physicalCores: 2, logicalCores: 4, memoryBytes: 1, platform: 'linux-x64', node: 'v20' },
  engine: 'native',
}
const trialStarted: JournalEvent = { event: 'trial.started', arm: 'fear', trial: 0, architecture: '|a~0|' }

let directory: string
let file: string

beforeEach(() => {
  directory = temporaryFolder('unwritable')
  file = path.join(directory, 'journal.jsonl')
})

describe('a journal that can no longer be written', () => {
  it.skipIf(!existsSync('/dev/full'))('on a full disk: every append fails in one clear sentence', async () => {
    const journal = await openJournal('/dev/full')
    await expect(journal.append(started)).rejects.toThrow(
      new RunWriteError(
        '/dev/full cannot be written: the disk is full. Recorded results are kept. Make room, then: resume("/dev")',
      ),
    )
    await expect(journal.append(trialStarted)).rejects.toThrow('the disk is full')
    await expect(journal.close()).rejects.toThrow('the disk is full')
  })

  it('because it was removed: it is written again, whole, and the run ends', async () => {
    const journal = await openJournal(file)
    await journal.append(started)
    rmSync(file)
    await expect(journal.append(trialStarted)).rejects.toThrow(`${file} was removed. It has been written again`)
    await expect(journal.close()).rejects.toThrow(RunWriteError)
    expect((await readJournal(file)).events).toEqual([started, trialStarted])
  })

  it('because another file took its place: that one is left as it is', async () => {
    const journal = await openJournal(file)
    await journal.append(started)
    renameSync(file, `${file}.aside`)
    writeFileSync(file, 'another')
    await expect(journal.append(trialStarted)).rejects.toThrow('was replaced by another file')
    await expect(journal.close()).rejects.toThrow(RunWriteError)
    expect(readFileSync(file, 'utf8')).toBe('another')
    expect((await readJournal(`${file}.aside`)).events).toEqual([started, trialStarted])
  })

  it('because its folder is gone: the run ends, saying so', async () => {
    const inner = path.join(directory, 'run')
    mkdirSync(inner)
    const journal = await openJournal(path.join(inner, 'journal.jsonl'))
    await journal.append(started)
    renameSync(inner, `${inner}-moved`)
    await expect(journal.append(trialStarted)).rejects.toThrow('is gone with its folder')
    await expect(journal.close()).rejects.toThrow(RunWriteError)
    expect((await readJournal(path.join(`${inner}-moved`, 'journal.jsonl'))).events).toHaveLength(2)
  })
})
