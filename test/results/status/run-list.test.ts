import { execFileSync } from 'node:child_process'
import { chmodSync, cpSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { gunzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { systemClock } from '../../../src/platform/clock.js'
import { drawTable } from '../../../src/reports/draw-table.js'
import { readEndedRun } from '../../../src/results/status/ended-run.js'
import { listRuns } from '../../../src/results/status/run-list.js'
import { readRunStatus } from '../../../src/results/status/run-status.js'
import { planOf } from '../../../src/runs/run-plan.js'
import { runCli } from '../../cli/run-cli.js'
import { temporaryFolder } from '../../support/temporary-folder.js'

const folder = temporaryFolder('run-list')

/** A run of the reference results, unpacked. */
function unpacked(name: string, directory: string): string {
  mkdirSync(directory, { recursive: true })
  const source = path.join('results', 'reference', name)
  cpSync(path.join(source, 'summary.json'), path.join(directory, 'summary.json'))
  writeFileSync(path.join(directory, 'journal.jsonl'), gunzipSync(readFileSync(path.join(source, 'journal.jsonl.gz'))))
  return directory
}

describe('a run that ended', () => {
  it.each(['quick', 'fashion', 'cifar10-rank', 'measures-in-training'])(
    'is listed as its whole journal says: %s',
    async (name) => {
      const run = unpacked(name, path.join(folder, 'ended', name))
      const ended = readEndedRun(path.join(run, 'journal.jsonl'), path.join(run, 'summary.json'))
      const { arms, command, date } = await readRunStatus(run, planOf, systemClock)
      const accuracies = arms.flatMap(({ testAccuracy }) => testAccuracy ?? [])
      expect(ended).toMatchObject({
        started: { command, date },
        arms: arms.length,
        trials: arms.reduce((sum, { trials }) => sum + trials.finished, 0),
        testAccuracy: accuracies.length === 0 ? null : Math.max(...accuracies),
      })
    },
  )

  it('is read whole where its summary or an end of its journal does not tell', async () => {
    const run = unpacked('quick', path.join(folder, 'told', 'quick'))
    const [journal, summary] = [path.join(run, 'journal.jsonl'), path.join(run, 'summary.json')]
    const text = readFileSync(journal, 'utf8')
    const [told] = await listRuns(run, planOf, systemClock)
    expect(told).toMatchObject({ state: 'finished', arms: 2, trials: 80, speedup: expect.closeTo(3.21, 2) })
    writeFileSync(summary, '{"schema":1,"arms":{"fear":{"trials":-5}}}')
    expect(readEndedRun(journal, summary)).toBeNull()
    expect(await listRuns(run, planOf, systemClock)).toEqual([{ ...told, speedup: null }])
    writeFileSync(journal, text.slice(0, -1))
    expect(readEndedRun(journal, summary)).toBeNull()
    expect(await listRuns(run, planOf, systemClock)).toMatchObject([{ state: 'killed', trials: 80 }])
  })
})

describe('a folder with bad entries', () => {
  const bad = path.join(folder, 'bad')
  const entry = (name: string): string => path.join(bad, name)
  const started =
    readFileSync(path.join(unpacked('quick', entry('good')), 'journal.jsonl'), 'utf8').split('\n', 1)[0] ?? ''
  const write = (name: string, journal: string): void => {
    mkdirSync(entry(name))
    writeFileSync(path.join(entry(name), 'journal.jsonl'), journal)
  }
  symlinkSync('loop', entry('loop'))
  symlinkSync('nowhere', entry('dangling'))
  write('date', `${started.replace(/"date":"[^"]*"/, '"date":5')}\n`)
  write('text', 'no journal\n')
  mkdirSync(entry('pipe'))
  execFileSync('mkfifo', [path.join(entry('pipe'), 'journal.jsonl')])
  mkdirSync(path.join(entry('folder'), 'journal.jsonl'), { recursive: true })
  write('summary-pipe', `${started}\n`)
  execFileSync('mkfifo', [path.join(entry('summary-pipe'), 'summary.json'), path.join(entry('summary-pipe'), 'lock')])
  mkdirSync(entry('seeds'))
  symlinkSync('seed-1', path.join(entry('seeds'), 'seed-1'))
  mkdirSync(entry('packed'))
  writeFileSync(path.join(entry('packed'), 'journal.jsonl.gz'), 'no gzip')

  it('is listed with what is wrong with each, and the good ones as ever', async () => {
    const runs = await listRuns(bad, planOf, systemClock)
    expect(runs.map(({ directory, state, error }) => [path.basename(directory), state, error])).toEqual([
      ['good', 'finished', null],
      ['summary-pipe', 'killed', null],
      [
        'date',
        'broken',
        expect.stringContaining(
          `${entry('date')}/journal.jsonl:1  is not a journal event that this version knows: date must be text, got 5.`,
        ),
      ],
      ['folder', 'broken', `${entry('folder')}/journal.jsonl is a folder; a plain file is expected here.`],
      ['loop', 'broken', expect.stringMatching(/loop cannot be read \(ELOOP: too many symbolic links encountered/)],
      ['packed', 'broken', expect.stringContaining('is not a complete gzip file')],
      ['pipe', 'broken', `${entry('pipe')}/journal.jsonl is a named pipe; a plain file is expected here.`],
      ['seed-1', 'broken', expect.stringContaining('cannot be read (ELOOP')],
      ['text', 'broken', expect.stringContaining(`${entry('text')}/journal.jsonl:1  is not a complete JSON line`)],
    ])
  })

  it('ends with exit code 0, and says how many could not be read', async () => {
    const { exitCode, stdout, stderr } = await runCli(['list', bad])
    expect({ exitCode, stderr }).toEqual({
      exitCode: 0,
      stderr: '7 of 9 could not be read; the others are listed\n',
    })
    expect(stdout).toContain('broken: ')
  })

  // Root may read everything.
  it.skipIf(process.getuid?.() === 0)('lists a folder that may not be read', async () => {
    const closed = path.join(folder, 'closed')
    mkdirSync(path.join(closed, 'run'), { recursive: true })
    chmodSync(path.join(closed, 'run'), 0)
    expect(await listRuns(closed, planOf, systemClock)).toMatchObject([
      { state: 'broken', error: expect.stringContaining('cannot be read (EACCES') },
    ])
    chmodSync(path.join(closed, 'run'), 0o700)
  })
})

describe('a long list', () => {
  it('is one table: every row as wide as the first, with one head and one end', () => {
    const rows = Array.from({ length: 120 }, (_, i) => [`run ${i}`, i === 77 ? 'ü'.repeat(20) : '日本'])
    const lines = drawTable(['name', 'what'], rows).split('\n')
    expect(lines).toHaveLength(rows.length + 3)
    expect(lines[0]).toBe(`┌${'─'.repeat(9)}┬${'─'.repeat(22)}┐`)
    expect(lines.at(-1)).toBe(`└${'─'.repeat(9)}┴${'─'.repeat(22)}┘`)
    expect(lines[2]).toBe(`│ run 0   │ 日本${' '.repeat(17)}│`)
    expect(lines[2 + 77]).toBe(`│ run 77  │ ${'ü'.repeat(20)} │`)
    expect(drawTable(['name'], [])).toContain('name')
  })
})
