import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { appendFileSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { loadConfig } from '../../src/config/load-config.js'
import { readJournal } from '../../src/journal/read-journal.js'
import { type ReplayedRun, replay } from '../../src/journal/replay.js'
import { executeRun } from '../../src/runs/execute-run.js'
import { earlierDirectory } from '../../src/runs/run-location.js'
import { runCli, trialTable } from './run-cli.js'
import { expectOneLine, journalOf, TinySearches } from './tiny-searches.js'

const searches = new TinySearches()
let uninterrupted: readonly unknown[]

beforeAll(async () => {
  uninterrupted = await searches.uninterrupted()
}, 120_000)

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
    const directory = searches.out('stillborn')
    mkdirSync(directory)
    writeFileSync(journalOf(directory), '{"event":"run.sta')
    const resumed = await runCli(['resume', directory])
    expect(resumed).toMatchObject({ exitCode: 2, stdout: '' })
    expectOneLine(resumed, `was killed before its first record. Start it again, with --out ${directory}`)
    expect(await searches.run(directory)).toMatchObject({ exitCode: 0 })
    expect(trialTable(directory)).toEqual(uninterrupted)
  })
})

describe('a run directory', () => {
  it('is driven by one process, of two that resume it at once', async () => {
    const directory = await searches.killed('contested')
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
    const directory = searches.out('whole')
    const { events } = await readJournal(journalOf(directory))
    const looked = replay(events.slice(0, 5)) as ReplayedRun
    const config = loadConfig(path.join(directory, 'config.yaml'), ['workers=1'])
    const place = earlierDirectory({ directory, run: looked })
    await executeRun({ command: 'search', config, location: place, hooks: {} })
    expect(trialTable(directory)).toEqual(uninterrupted)
  })

  it('of a process on another machine is refused at once, naming the lock; that of a dead one is taken over', async () => {
    const directory = await searches.killed('locked')
    const lock = path.join(directory, 'lock')
    const owner = JSON.parse(readFileSync(lock, 'utf8'))
    const { pid } = owner
    writeFileSync(lock, JSON.stringify({ ...owner, host: 'elsewhere', boot: 'another' }))
    const refused = await runCli(['resume', directory])
    expect(refused).toMatchObject({ exitCode: 2, stdout: '' })
    expectOneLine(refused, `in use by process ${pid} on elsewhere (on another machine or in a container: `)
    expectOneLine(refused, `Wait for it; if it is certainly gone, delete its lock: rm ${lock}`)
    writeFileSync(lock, JSON.stringify(owner))
    // Without its config.yaml, and with what a process left that was killed while it wrote the summary.
    rmSync(path.join(directory, 'config.yaml'))
    const half = path.join(directory, `summary.json.${pid}.0b34c3ad-3c5c-4a9e-8c5d-0123456789ab.tmp`)
    writeFileSync(half, '{"half')
    expect(await runCli(['resume', directory])).toMatchObject({ exitCode: 0 })
    expect(trialTable(directory)).toEqual(uninterrupted)
    expect(readdirSync(directory).sort()).toEqual(['best-fear.bin', 'journal.jsonl', 'report.html', 'summary.json'])
  })

  it('whose journal is damaged or of another version, or whose config.yaml was changed: one line, nothing written', async () => {
    const directory = searches.out('whole')
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
    await refuse('config.yaml was changed in evaluator since the run started', 2)
    writeFileSync(path.join(directory, 'config.yaml'), config)
  })

  it('whose journal is removed while it runs: the run ends, the journal is back, and nothing is lost', async () => {
    const directory = searches.out('removed')
    const ended = await runCli(['search', searches.configFile, '--workers', '1', '--out', directory], {
      when: 'fear 3/6',
      act: () => rmSync(journalOf(directory)),
    })
    expect(ended).toMatchObject({ exitCode: 1 })
    expectOneLine(
      ended,
      `journal.jsonl was removed. It has been written again, so that nothing is lost. Continue with: fear-nas resume ${directory}`,
    )
    expect(trialTable(directory).length).toBeGreaterThanOrEqual(3)
    expect(await runCli(['resume', directory])).toMatchObject({ exitCode: 0 })
    expect(trialTable(directory)).toEqual(uninterrupted)
  })
})

it('a reader of its output that has gone does not end a run', async () => {
  const args = ['dist/cli/main.js', 'search', searches.configFile, '--workers', '1', '--out', searches.out('unread')]
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] })
  child.stdout.once('data', () => child.stdout.destroy())
  const [exitCode] = await once(child, 'exit')
  expect(exitCode).toBe(0)
  expect(trialTable(searches.out('unread'))).toEqual(uninterrupted)
})
