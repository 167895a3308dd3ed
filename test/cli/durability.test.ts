import { execFileSync, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { hostname, tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { runCommand } from '../../src/cli/run-command.js'
import { loadConfig } from '../../src/config/load-config.js'
import { openJournal } from '../../src/journal/journal.js'
import type { JournalEvent } from '../../src/journal/journal-event.js'
import { readJournal } from '../../src/journal/read-journal.js'
import { replay } from '../../src/journal/replay.js'
import { type CliResult, runCli, trialTable } from './run-cli.js'

const folder = mkdtempSync(path.join(tmpdir(), 'fear-nas-durability-'))
const configFile = path.join(folder, 'tiny.yaml')
writeFileSync(
  configFile,
  `data: { name: fashion-mnist, train: 200, validation: 60, test: 100, size: 8 }
space: { channels: 4, cells: 1 }
training: { epochs: 3, batch: 32 }
evaluator: { name: fear, threshold: 0.45, ratio: 1.5, cost: work, maxEpochs: 3, stage2: { epochs: 1, batch: 32 } }
budget: { trials: 6 }
finalists: 2
seed: 3
`,
)
const out = (name: string): string => path.join(folder, name)
const search = (directory: string, ...options: readonly string[]): Promise<CliResult> =>
  runCli(['search', configFile, '--workers', '2', '--out', directory, ...options])
const journalOf = (directory: string): string => path.join(directory, 'journal.jsonl')

/** Ended with one line and no stack. */
function expectOneLine({ stderr }: CliResult, message: string): void {
  expect(stderr).toContain(message)
  expect(stderr.trim().split('\n')).toHaveLength(1)
}

/** Killed with -9 in the middle of its trials. */
async function killed(name: string): Promise<string> {
  await runCli(['search', configFile, '--workers', '1', '--out', out(name)], { signal: 'SIGKILL', when: 'fear 3/6' })
  expect(trialTable(out(name)).length).toBeLessThan(8)
  return out(name)
}

let uninterrupted: readonly unknown[]

beforeAll(async () => {
  expect(await search(out('whole'))).toMatchObject({ exitCode: 0 })
  uninterrupted = trialTable(out('whole'))
  expect(uninterrupted).toHaveLength(8)
}, 120_000)

afterAll(() => {
  if (disk !== null) execFileSync('umount', ['--lazy', disk])
  rmSync(folder, { recursive: true })
})

describe('kill -9', () => {
  it('is survived eight times, at random moments', { timeout: 300_000 }, () => {
    const { stdout, status } = spawnSync(
      process.execPath,
      ['benchmarks/kill-cycles.mjs', '--kills', '8', '--seed', '5', '--json'],
      { encoding: 'utf8' },
    )
    expect(JSON.parse(stdout.split('\n')[0] ?? '')).toMatchObject({ kills: 8, failures: [] })
    expect(status).toBe(0)
  })

  it('before the first record: resume says what to do, and the command given again runs there', async () => {
    const directory = out('stillborn')
    mkdirSync(directory)
    writeFileSync(journalOf(directory), '{"event":"run.sta')
    const resumed = await runCli(['resume', directory])
    expect(resumed).toMatchObject({ exitCode: 2, stdout: '' })
    expectOneLine(resumed, `was killed before it began. Give its command again, with --out ${directory}.`)
    expect(await search(directory)).toMatchObject({ exitCode: 0 })
    expect(trialTable(directory)).toEqual(uninterrupted)
  })
})

describe('a run directory', () => {
  it('is driven by one process, of two that resume it at once', async () => {
    const directory = await killed('contested')
    const results = await Promise.all([runCli(['resume', directory]), runCli(['resume', directory])])
    // Where one was through before the other looked, that one finds everything done.
    for (const result of results.filter(({ exitCode }) => exitCode !== 0)) {
      expect(result).toMatchObject({ exitCode: 2 })
      expectOneLine(result, 'The run is in use by process')
    }
    expect(results.map(({ exitCode }) => exitCode)).toContain(0)
    expect(trialTable(directory)).toEqual(uninterrupted)
  })

  it('that went on after it was looked at is resumed from where it is, not from where it was', async () => {
    const directory = out('whole')
    const { events } = await readJournal(journalOf(directory))
    const looked = replay(events.slice(0, 5)) ?? undefined
    const config = loadConfig(path.join(directory, 'config.yaml'), ['workers=1'])
    await runCommand({ command: 'search', config, directory, quiet: true, json: false, silent: true, earlier: looked })
    expect(trialTable(directory)).toEqual(uninterrupted)
  })

  it('of a process on another machine is refused at once, naming the lock; that of a dead one is taken over', async () => {
    const directory = await killed('locked')
    const lock = path.join(directory, 'lock')
    const { pid } = JSON.parse(readFileSync(lock, 'utf8'))
    writeFileSync(lock, JSON.stringify({ pid, host: 'elsewhere' }))
    const refused = await runCli(['resume', directory])
    expect(refused).toMatchObject({ exitCode: 2, stdout: '' })
    expectOneLine(
      refused,
      `in use by process ${pid} on elsewhere. Wait for it; if it is gone for certain, delete ${lock}`,
    )
    writeFileSync(lock, JSON.stringify({ pid, host: hostname() }))
    // Without its config.yaml, and with what a process left that was killed while it wrote the summary.
    rmSync(path.join(directory, 'config.yaml'))
    const half = path.join(directory, `summary.json.${pid}.0b34c3ad-3c5c-4a9e-8c5d-0123456789ab.tmp`)
    writeFileSync(half, '{"half')
    expect(await runCli(['resume', directory])).toMatchObject({ exitCode: 0 })
    expect(trialTable(directory)).toEqual(uninterrupted)
    expect(readdirSync(directory).sort()).toEqual(['best-fear.bin', 'journal.jsonl', 'report.html', 'summary.json'])
  })

  it('whose journal is damaged or of another version, or whose config.yaml was changed: one line, nothing written', async () => {
    const directory = out('whole')
    const journal = readFileSync(journalOf(directory), 'utf8')
    const config = readFileSync(path.join(directory, 'config.yaml'), 'utf8')
    const refuse = async (message: string, exitCode: number): Promise<void> => {
      const before = readFileSync(journalOf(directory), 'utf8')
      const result = await runCli(['resume', directory])
      expect(result).toMatchObject({ exitCode, stdout: '' })
      expectOneLine(result, message)
      expect(readFileSync(journalOf(directory), 'utf8')).toBe(before)
    }
    appendFileSync(journalOf(directory), 'no json\n')
    await refuse('journal.jsonl:', 1)
    writeFileSync(journalOf(directory), journal.replace('"schema":1', '"schema":0'))
    await refuse('journal.jsonl:1  was written in version 0', 1)
    writeFileSync(journalOf(directory), journal)
    writeFileSync(path.join(directory, 'config.yaml'), config.replace('maxEpochs: 3', 'maxEpochs: 4'))
    await refuse('config.yaml was changed in evaluator since the run began', 2)
    writeFileSync(path.join(directory, 'config.yaml'), config)
  })

  it('whose journal is removed while it runs: the run ends, the journal is back, and nothing is lost', async () => {
    const directory = out('removed')
    const ended = await runCli(['search', configFile, '--workers', '1', '--out', directory], {
      when: 'fear 3/6',
      act: () => rmSync(journalOf(directory)),
    })
    expect(ended).toMatchObject({ exitCode: 1 })
    expectOneLine(ended, `was removed. It has been written again, so that nothing is lost. Go on with: fear-nas resume`)
    expect(trialTable(directory).length).toBeGreaterThanOrEqual(3)
    expect(await runCli(['resume', directory])).toMatchObject({ exitCode: 0 })
    expect(trialTable(directory)).toEqual(uninterrupted)
  })
})

function never(): never {
  throw new Error('the journal of the run is empty')
}

it('a reader of its output that has gone does not end a run', async () => {
  const args = ['dist/cli/main.js', 'search', configFile, '--workers', '1', '--out', out('unread')]
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] })
  child.stdout.once('data', () => child.stdout.destroy())
  const [exitCode] = await once(child, 'exit')
  expect(exitCode).toBe(0)
  expect(trialTable(out('unread'))).toEqual(uninterrupted)
})

/** A file system of `kibibytes`; null where this user may not mount one. */
function smallDisk(kibibytes: number): string | null {
  const place = path.join(folder, 'disk')
  mkdirSync(place)
  const { status } = spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${kibibytes}k`, 'tmpfs', place])
  return status === 0 ? place : null
}

const disk = process.platform === 'linux' ? smallDisk(96) : null
if (disk === null) process.stdout.write('skipped: a run on a full disk: this user may not mount a small file system\n')

describe.skipIf(disk === null)('a disk that is full', () => {
  const directory = path.join(disk ?? '', 'run')
  const remount = (option: string): Buffer => execFileSync('mount', ['-o', `remount,${option}`, disk ?? ''])

  it('ends the run with one line, the resume command in it; with room again it goes on, and nothing is lost', async () => {
    // The journal and config.yaml fit, the network of the first finalist does not.
    writeFileSync(path.join(disk ?? '', 'ballast'), Buffer.alloc(60 << 10))
    const full = await search(directory)
    expect(full).toMatchObject({ exitCode: 1 })
    expectOneLine(
      full,
      `cannot be written: the disk is full. What is recorded is kept. Make room, then: fear-nas resume`,
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
    const args = ['compare', configFile, '--seeds', '3', '--quiet', '--out', path.join(disk ?? '', 'repetitions')]
    expect(await runCli(args)).toMatchObject({ exitCode: 0 })
    const ballast = path.join(disk ?? '', 'more-ballast')
    expect(() => {
      for (;;) appendFileSync(ballast, Buffer.alloc(1 << 12))
    }).toThrow('ENOSPC')
    const full = await runCli(args)
    expect(full).toMatchObject({ exitCode: 1, stdout: '' })
    expectOneLine(
      full,
      'ENOSPC: no space left on device, write. The disk is full: make room, and give the command again.',
    )
    rmSync(ballast)
  })

  it('or read-only: one line, exit code 2', async () => {
    remount('ro')
    for (const result of [await runCli(['resume', directory]), await search(path.join(disk ?? '', 'new'))]) {
      expect(result).toMatchObject({ exitCode: 2, stdout: '' })
      expectOneLine(result, 'this user may not write there')
    }
    expect(existsSync(path.join(disk ?? '', 'new'))).toBe(false)
  })
})
