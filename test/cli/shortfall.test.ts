import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { temporaryFolder } from '../support/temporary-folder.js'
import { type CliResult, runCli } from './run-cli.js'

const folder = temporaryFolder('shortfall')
const out = (name: string): string => path.join(folder, name)

/** No network gets every training image right after an epoch. */
const hopeless = `data: { name: fashion-mnist, train: 64, validation: 32, test: 32, size: 8 }
space: { channels: 4, cells: 1 }
training: { epochs: 1, batch: 32 }
evaluator: { name: fear, threshold: 1, ratio: 4, maxEpochs: 1, stage2: { epochs: 1, batch: 32 } }
budget: { trials: 3 }
resampling: { searches: 50 }
finalists: 1
seed: 3
`
const config = out('hopeless.yaml')
writeFileSync(config, hopeless)
const ranking = out('hopeless-rank.yaml')
writeFileSync(
  ranking,
  hopeless.replace(
    /evaluator: .*\nbudget: .*\n(.*\n){2}/,
    `budget: { trials: 3 }
rank: { bootstrap: 50, evaluators: [{ name: fear, threshold: 1, maxEpochs: 1, stage2: { epochs: 1, batch: 32 } }] }
`,
  ),
)

const noScore =
  'fear found no network: none of its 3 trials got a score (3 below-threshold). Lower evaluator.threshold or set it to ' +
  'auto, or raise evaluator.maxEpochs.'

/** Every file that is said to be there is there. */
function expectNamedFiles({ stdout }: CliResult, directory: string, files: readonly string[]): void {
  const named = /^files in (.*): (.*)$/m.exec(stdout)
  expect(named?.[1]).toBe(directory)
  expect(named?.[2]?.split(', ')).toEqual(files)
  for (const file of files) expect(existsSync(path.join(directory, file)), file).toBe(true)
}

const always = ['report.html', 'summary.json', 'journal.jsonl', 'config.yaml']

describe('a run that finds nothing ends with exit code 1, says why, and keeps its files', () => {
  it('search, and resume of it', async () => {
    const result = await runCli(['search', config, '--out', out('search')])
    expect(result).toMatchObject({ exitCode: 1, stderr: `${noScore}\n` })
    expectNamedFiles(result, out('search'), always)
    const again = await runCli(['resume', out('search'), '--json'])
    expect(again).toMatchObject({ exitCode: 1, stderr: expect.stringContaining(noScore) })
    expect(JSON.parse(again.stdout).arms.fear).toMatchObject({ best: null, outcomes: { 'below-threshold': 3 } })
    const report = readFileSync(path.join(out('search'), 'report.html'), 'utf8')
    expect(report).toContain(`<p class="notice">${noScore}</p>`)
    expect(report).not.toMatch(/full yet/)
  })

  it('compare, which has no ratio of an arm without a network', async () => {
    const result = await runCli(['compare', config, '--out', out('compare')])
    expect(result).toMatchObject({ exitCode: 1, stderr: `${noScore}\n` })
    expectNamedFiles(result, out('compare'), [...always, 'best-full.bin'])
    expect(result.stdout).toMatch(/speed-up, compute time +│ - +│/)
    expect(result.stdout).toMatch(/test accuracy +│ - +│/)
    expect(result.stdout).toContain('fear: 50 of 50 searches left out, because an arm ended without a network')
    const summary = JSON.parse(readFileSync(path.join(out('compare'), 'summary.json'), 'utf8'))
    const none = { computeSeconds: null, wallSeconds: null, trainingFlops: null }
    expect(summary.speedup).toEqual(none)
    expect(summary.resampling.comparisons.fear).toMatchObject({
      speedup: none,
      testAccuracyDifference: null,
      leftOut: 50,
    })
    const report = readFileSync(path.join(out('compare'), 'report.html'), 'utf8')
    expect(report).toContain('FEAR ended without a network that was trained in full, so there is nothing to compare')
  })

  it('compare --seeds, also where the runs are done already', async () => {
    const args = ['compare', config, '--seeds', '1,2', '--out', out('seeds')]
    for (const result of [await runCli(args), await runCli(args)]) {
      expect(result).toMatchObject({ exitCode: 1, stderr: `seed 1: ${noScore}\nseed 2: ${noScore}\n` })
      expect(result.stdout).toMatch(/speed-up, compute time +│ - +│/)
    }
  })

  it('rank', async () => {
    const result = await runCli(['rank', ranking, '--out', out('rank')])
    expect(result).toMatchObject({
      exitCode: 1,
      stderr: expect.stringContaining(
        'fear scored none of 3 architectures (3 below-threshold). Lower evaluator.threshold',
      ),
    })
    expectNamedFiles(result, out('rank'), always)
  })

  it('but not one that was stopped before its first score', async () => {
    const args = ['search', config, '--workers', '1', '--set', 'budget.trials=400', '--out', out('stopped')]
    const result = await runCli(args, { signal: 'SIGINT', when: 'fear 2/400 trials' })
    expect(result).toMatchObject({ exitCode: 0, stderr: '' })
    expect(result.stdout).toContain('no trial of this session has a score yet')
  })
})
