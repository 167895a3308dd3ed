import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { gzipSync } from 'node:zlib'
import { beforeAll, describe, expect, it } from 'vitest'
import { temporaryFolder } from '../support/temporary-folder.js'
import { type CliResult, runCli } from './run-cli.js'

const folder = temporaryFolder('report')
const out = (name: string): string => path.join(folder, name)
const configFile = out('tiny.yaml')

/** A whole comparison on real images in a few seconds. */
writeFileSync(
  configFile,
  `data: { name: fashion-mnist, train: 400, validation: 200, test: 300, size: 16 }
space: { channels: 4, cells: 1 }
training: { epochs: 4, batch: 32 }
evaluator: { name: fear, threshold: 0.5, ratio: 2, maxEpochs: 6, stage2: { epochs: 2, batch: 64 } }
budget: { trials: 10 }
finalists: 2
seed: 3
`,
)
const read = (...parts: readonly string[]): string => readFileSync(out(path.join(...parts)), 'utf8')

describe('report.html', () => {
  let run: CliResult

  beforeAll(async () => {
    run = await runCli(['compare', configFile, '--out', out('run')])
  }, 120_000)

  it('is written at the end of a comparison, with its figures', () => {
    expect(run).toMatchObject({ exitCode: 0, stderr: '' })
    expect(run.stdout).toContain('report.html')
    const { speedup } = JSON.parse(read('run', 'summary.json'))
    expect(read('run', 'report.html')).toContain(`<dd class="value">${speedup.computeSeconds.toFixed(2)}x</dd>`)
  })

  it('is written at the end of a search that was stopped', async () => {
    const stopped = await runCli(['search', configFile, '--workers', '1', '--out', out('stopped')], {
      signal: 'SIGINT',
      when: 'fear 4/10 trials',
    })
    expect(stopped).toMatchObject({ exitCode: 0 })
    expect(read('stopped', 'report.html')).toContain('This run was stopped before its budget was used.')
  })

  it('can be made again, from a compressed journal too, byte by byte the same', async () => {
    const first = read('run', 'report.html')
    writeFileSync(out('run/journal.jsonl.gz'), gzipSync(readFileSync(out('run/journal.jsonl'))))
    rmSync(out('run/journal.jsonl'))
    rmSync(out('run/report.html'))
    expect(await runCli(['report', out('run')])).toMatchObject({ exitCode: 0, stderr: '' })
    expect(read('run', 'report.html')).toBe(first)
    const elsewhere = await runCli(['report', out('run'), '--out', out('new/place.html')])
    expect(elsewhere).toMatchObject({ exitCode: 0, stdout: `${out('new/place.html')}\n` })
    expect(read('new', 'place.html')).toBe(first)
  })

  it('has its charts as files', async () => {
    const result = await runCli(['report', out('run'), '--charts', out('charts')])
    expect(result).toMatchObject({ exitCode: 0, stderr: '' })
    const files = readdirSync(out('charts')).toSorted()
    expect(files).toContain('ledger.svg')
    expect(
      result.stdout
        .trim()
        .split('\n')
        .map((file) => path.basename(file))
        .toSorted(),
    ).toEqual(files)
    for (const file of files) expect(read('charts', file)).toMatch(/^<svg .*<\/svg>\n$/s)
  })

  it('that cannot be written costs a line, not the run', async () => {
    // A folder takes the name while the run goes on: one that is there before it begins is refused.
    const act = () => mkdirSync(out('blocked/report.html'))
    const blocked = await runCli(['search', configFile, '--out', out('blocked')], { when: 'run in ', act })
    expect(blocked).toMatchObject({ exitCode: 0 })
    expect(blocked.stderr).toMatch(/^report\.html was not written: .* The run is complete without it\.\n$/)
    expect(JSON.parse(read('blocked', 'summary.json')).stopped).toBe(false)
  })

  it.each([
    ['a folder without a run', [folder], /holds no summary\.json/],
    ['a file where the folder should be', ['run', '--out', `${configFile}/x.html`], /x\.html cannot be written/],
  ])('%s: one line, exit code 2', async (_, [directory = '', ...options], message) => {
    const result = await runCli(['report', directory === 'run' ? out('run') : directory, ...options])
    expect(result).toMatchObject({ exitCode: 2, stdout: '' })
    expect(result.stderr).toMatch(message)
    expect(result.stderr.trim().split('\n')).toHaveLength(1)
    expect(existsSync(path.join(folder, 'report.html'))).toBe(false)
  })
})
