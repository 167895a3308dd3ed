import { copyFileSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { systemClock } from '../../src/platform/clock.js'
import { renderList } from '../../src/reports/status/list-table.js'
import { type ListedRun, listRuns } from '../../src/results/status/run-list.js'
import { type RunStatus, readRunStatus } from '../../src/results/status/run-status.js'
import type { Summary } from '../../src/results/summary.js'
import { planOf } from '../../src/runs/run-plan.js'
import { temporaryFolder } from '../support/temporary-folder.js'
import { runCli } from './run-cli.js'
import { type StartedCli, startCli } from './start-cli.js'

const folder = temporaryFolder('watch')
const runs = path.join(folder, 'runs')
const run = path.join(runs, 'tiny-20260131-154500')
const configFile = path.join(folder, 'tiny.yaml')

/** A search that goes on until it is ended. */
writeFileSync(
  configFile,
  `data: { name: fashion-mnist, train: 400, validation: 200, test: 300, size: 16 }
space: { channels: 4, cells: 1 }
training: { epochs: 4, batch: 32 }
evaluator: { name: fear, threshold: 0.5, ratio: 2, maxEpochs: 6, stage2: { epochs: 2, batch: 64 } }
budget: { trials: 5000 }
finalists: 2
workers: 1
`,
)

const statusOf = (directory: string): Promise<RunStatus> => readRunStatus(directory, planOf, systemClock)
const listOf = (directory: string): Promise<readonly ListedRun[]> => listRuns(directory, planOf, systemClock)

/** Names, sizes and times of everything in the run's folder. */
const traces = () =>
  readdirSync(run).map((name) => {
    const { mtimeMs, size } = statSync(path.join(run, name))
    return { name, mtimeMs, size }
  })

describe('a run that is watched from other terminals', () => {
  let search: StartedCli
  let tail: StartedCli

  beforeAll(async () => {
    search = startCli(['search', configFile, '--out', run])
    await search.until('fear 3/5000')
    tail = startCli(['tail', '-f', '-n', '1000', run])
  }, 60_000)

  afterAll(() => {
    search.kill('SIGKILL')
    tail.kill('SIGKILL')
  })

  it('has a status while it goes on', async () => {
    const [json, text] = await Promise.all([runCli(['status', run, '--json']), runCli(['status', run])])
    expect(json).toMatchObject({ exitCode: 0, stderr: '' })
    const { arms, command, owner, resume, state, ...rest } = JSON.parse(json.stdout) as RunStatus
    expect({ command, resume, state }).toEqual({ command: 'search', resume: null, state: 'running' })
    expect(rest.configFile).toBe(configFile)
    expect(owner).toMatchObject({ pid: search.pid, alive: true })
    const [fear] = arms
    expect(fear).toMatchObject({ name: 'fear', evaluator: 'fear', phase: 'searching' })
    expect(fear?.trials.finished).toBeGreaterThanOrEqual(3)
    expect(fear?.trials.running).toBeLessThanOrEqual(1)
    expect(fear?.budget).toMatchObject([{ limit: 'trials', planned: 5000 }])
    expect(fear?.secondsLeft).toBeGreaterThan(0)
    expect(text.stdout).toContain(`fear-nas search ${configFile}, running`)
    expect(text.stdout).toContain(`process ${search.pid} is running`)
    expect(text.stdout).toMatch(/left: about .* of search, at its mean pace so far/)
  })

  it('is in the list', async () => {
    expect(await listOf(runs)).toMatchObject([{ directory: run, command: 'search', config: 'tiny', state: 'running' }])
  })

  it('is followed trial by trial, until its process is killed', async () => {
    const { trials } = (await statusOf(run)).arms[0] ?? { trials: { finished: 0 } }
    await tail.until(`fear trial ${trials.finished + 2} `)
    search.kill('SIGKILL')
    await search.ended
    const { exitCode, stderr, stdout } = await tail.ended
    expect(exitCode).toBe(0)
    expect(stderr).toContain(`Continue with: fear-nas resume ${run}`)
    const journal = readFileSync(path.join(run, 'journal.jsonl'), 'utf8')
    const finished = journal.split('\n').filter((line) => line.startsWith('{"event":"trial.finished"'))
    expect(stdout.match(/fear trial \d+ /g)).toEqual(finished.map((line) => `fear trial ${JSON.parse(line).trial} `))
  })

  it('was killed then, and nobody who looks changes it', async () => {
    const before = traces()
    const { arms, owner, resume, state } = await statusOf(run)
    const looks = await Promise.all(
      [
        ['status', run],
        ['list', runs],
        ['tail', run, '-n', '2'],
      ].map((args) => runCli(args)),
    )
    expect(traces()).toEqual(before)
    expect(looks.map(({ exitCode }) => exitCode)).toEqual([0, 0, 0])
    expect(looks[2]?.stdout.trim().split('\n')).toHaveLength(2)
    expect({ resume, state }).toEqual({ resume: `fear-nas resume ${run}`, state: 'killed' })
    expect(owner).toMatchObject({ alive: false })
    expect(arms[0]?.secondsLeft).toBeNull()
  })

  it('is stopped when it is resumed and stopped, and tail -f of it ends at once', async () => {
    const before = (await statusOf(run)).arms[0]?.trials.finished ?? 0
    const resumed = startCli(['resume', run])
    await resumed.until(`fear ${before + 2}/5000`)
    resumed.kill('SIGINT')
    expect((await resumed.ended).exitCode).toBe(0)
    const { endedDate, owner, resume, sessions, state } = await statusOf(run)
    expect({ owner, resume, sessions, state }).toEqual({
      owner: null,
      resume: `fear-nas resume ${run}`,
      sessions: 2,
      state: 'stopped',
    })
    const { exitCode, stdout } = await runCli(['tail', run, '-f', '--json', '-n', '1'])
    expect(exitCode).toBe(0)
    expect(JSON.parse(stdout)).toEqual({ event: 'run.finished', date: endedDate, stopped: true })
  })
})

describe('fear-nas list', () => {
  it('has every run and repetition newest first, and broken ones as such', async () => {
    const many = path.join(folder, 'many')
    for (const [name, from] of [
      ['quick', 'quick'],
      ['rank', 'fashion-rank'],
      [path.join('repeated', 'seed-1'), 'fashion'],
    ] as const) {
      mkdirSync(path.join(many, name), { recursive: true })
      for (const file of ['journal.jsonl.gz', 'summary.json']) {
        copyFileSync(path.join('results/reference', from, file), path.join(many, name, file))
      }
    }
    mkdirSync(path.join(many, 'broken'))
    writeFileSync(path.join(many, 'broken', 'journal.jsonl'), 'no journal\n')
    mkdirSync(path.join(many, 'empty'))
    const listed = await listOf(many)
    expect(listed.map(({ directory, state }) => [path.relative(many, directory), state])).toEqual([
      ['quick', 'finished'],
      ['rank', 'finished'],
      ['repeated/seed-1', 'finished'],
      ['broken', 'broken'],
    ])
    const summary = JSON.parse(readFileSync('results/reference/quick/summary.json', 'utf8')) as Summary
    expect(listed[0]).toMatchObject({
      command: 'compare',
      arms: 2,
      trials: 80,
      testAccuracy: Math.max(...Object.values(summary.arms).map(({ best }) => best?.testAccuracy ?? 0)),
      speedup: summary.speedup?.computeSeconds,
    })
    expect(listed[1]).toMatchObject({ command: 'rank', arms: 16, trials: 2400, testAccuracy: null, speedup: null })
    const { exitCode, stdout } = await runCli(['list', many, '--json'])
    expect(exitCode).toBe(0)
    expect(JSON.parse(stdout)).toEqual({ schema: 1, runs: listed })
    expect(renderList(listed, many)).toContain(
      `broken: ${path.join(many, 'broken', 'journal.jsonl')}:1  is not a complete JSON line`,
    )
  })

  it('says what is wrong with a folder that is none', async () => {
    const [list, status] = await Promise.all([
      runCli(['list', path.join(folder, 'absent')]),
      runCli(['status', folder]),
    ])
    expect(list).toMatchObject({ exitCode: 2, stdout: '' })
    expect(status).toMatchObject({ exitCode: 2, stdout: '' })
    expect(status.stderr).toContain('holds no run: journal.jsonl is missing')
  })
})
