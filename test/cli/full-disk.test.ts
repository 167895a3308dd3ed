import { execFileSync, spawnSync } from 'node:child_process'
import { appendFileSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openJournal } from '../../src/journal/journal.js'
import type { JournalEvent } from '../../src/journal/journal-event.js'
import { readJournal } from '../../src/journal/read-journal.js'
import { runCli, trialTable } from './run-cli.js'
import { expectOneLine, journalOf, TinySearches } from './tiny-searches.js'

const searches = new TinySearches()

function never(): never {
  throw new Error('the journal of the run is empty')
}

/** A file system of `kibibytes`; null where this user may not mount one. */
function smallDisk(kibibytes: number): string | null {
  const place = searches.out('disk')
  mkdirSync(place)
  const { status } = spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${kibibytes}k`, 'tmpfs', place])
  return status === 0 ? place : null
}

const disk = process.platform === 'linux' ? smallDisk(96) : null
if (disk === null) process.stdout.write('skipped: a run on a full disk: this user may not mount a small file system\n')

afterAll(() => {
  if (disk !== null) execFileSync('umount', ['--lazy', disk])
})

describe.skipIf(disk === null)('a disk that is full', () => {
  const directory = path.join(disk ?? '', 'run')
  let uninterrupted: readonly unknown[]
  beforeAll(async () => {
    uninterrupted = await searches.uninterrupted()
  }, 120_000)
  const remount = (option: string): Buffer => execFileSync('mount', ['-o', `remount,${option}`, disk ?? ''])

  it('ends the run with one line, the resume command in it; with room again it goes on, and nothing is lost', async () => {
    // The journal and config.yaml fit, the network of the first finalist does not.
    writeFileSync(path.join(disk ?? '', 'ballast'), Buffer.alloc(60 << 10))
    const full = await searches.run(directory)
    expect(full).toMatchObject({ exitCode: 1 })
    expectOneLine(
      full,
      `cannot be written: the disk is full. Recorded results are kept. Make room, then: fear-nas resume`,
    )
    const before = readFileSync(journalOf(directory), 'utf8')
    expect(before.split('\n').length).toBeGreaterThan(3)
    const again = await runCli(['resume', directory])
    expect(again).toMatchObject({ exitCode: 1 })
    expectOneLine(again, 'the disk is full')

    remount('size=8m')
    expect(await runCli(['resume', directory])).toMatchObject({ exitCode: 0 })
    expect(trialTable(directory)).toEqual(uninterrupted)
    const after = readFileSync(journalOf(directory), 'utf8')
    expect(after.startsWith(before.slice(0, before.lastIndexOf('\n') + 1))).toBe(true)
  })

  it('keeps every event whose append was acknowledged, though its last write may be cut off', async () => {
    const file = path.join(disk ?? '', 'small.jsonl')
    const { events } = await readJournal(journalOf(directory))
    const journal = await openJournal(file)
    const acknowledged: JournalEvent[] = []
    // Smaller than what is on it already would be refused.
    remount('size=600k')
    const append = async (event: JournalEvent): Promise<void> => {
      await journal.append(event)
      acknowledged.push(event)
    }
    const fill = async (): Promise<void> => {
      for (;;) for (const event of acknowledged.length === 0 ? events : events.slice(1)) await append(event)
    }
    await expect(fill()).rejects.toThrow('the disk is full')
    await expect(journal.close()).rejects.toThrow('the disk is full')
    expect(acknowledged.length).toBeGreaterThan(10)

    remount('size=8m')
    const [last = never()] = events.slice(-1)
    const again = await openJournal(file)
    await again.append(last)
    await again.close()
    expect((await readJournal(file)).events).toEqual([...acknowledged, last])
  })

  it('when all is done but the summary of repetitions: one line, no stack', async () => {
    const args = [
      'compare',
      searches.configFile,
      '--seeds',
      '3',
      '--quiet',
      '--out',
      path.join(disk ?? '', 'repetitions'),
    ]
    expect(await runCli(args)).toMatchObject({ exitCode: 0 })
    const ballast = path.join(disk ?? '', 'more-ballast')
    expect(() => {
      for (;;) appendFileSync(ballast, Buffer.alloc(1 << 12))
    }).toThrow('ENOSPC')
    const full = await runCli(args)
    expect(full).toMatchObject({ exitCode: 1, stdout: '' })
    expectOneLine(full, 'ENOSPC: no space left on device, write. Make room, and run the command again.')
    rmSync(ballast)
  })

  it('or read-only: one line, exit code 2', async () => {
    remount('ro')
    for (const result of [await runCli(['resume', directory]), await searches.run(path.join(disk ?? '', 'new'))]) {
      expect(result).toMatchObject({ exitCode: 2, stdout: '' })
      expectOneLine(result, 'its file system is read-only. Make it writable')
    }
    expect(existsSync(path.join(disk ?? '', 'new'))).toBe(false)
  })
})
