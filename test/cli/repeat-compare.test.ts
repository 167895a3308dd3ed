import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import type { RepetitionsSummary } from '../../src/results/repetitions.js'
import type { Summary } from '../../src/results/summary.js'
import { temporaryFolder } from '../support/temporary-folder.js'
import { runCli, trialTable } from './run-cli.js'

const folder = temporaryFolder('repeat')
const configFile = path.join(folder, 'tiny.yaml')
writeFileSync(
  configFile,
  `data: { name: fashion-mnist, train: 400, validation: 200, test: 300, size: 16 }
space: { channels: 4, cells: 1 }
training: { epochs: 3, batch: 32 }
evaluator: { name: fear, threshold: 0.5, ratio: 2, maxEpochs: 6, stage2: { epochs: 2, batch: 64 } }
budget: { trials: 8 }
finalists: 2
workers: 1
`,
)

const read = <T>(...parts: readonly string[]): T => JSON.parse(readFileSync(path.join(folder, ...parts), 'utf8')) as T
const repeat = (out: string, seeds: string, ...more: readonly string[]) =>
  runCli(['compare', configFile, '--seeds', seeds, '--json', '--out', path.join(folder, out), ...more])

describe('fear-nas compare --seeds', () => {
  it('runs the comparison with each seed and gives the means', async () => {
    const result = await repeat('three', '1,2,3')
    expect(result).toMatchObject({ exitCode: 0 })
    const pooled = JSON.parse(result.stdout) as RepetitionsSummary
    expect(pooled).toEqual(read('three', 'summary.json'))
    expect(pooled.seeds).toEqual([1, 2, 3])
    const runs = [1, 2, 3].map((seed) => read<Summary>('three', `seed-${seed}`, 'summary.json'))
    const figure = pooled.comparisons.fear?.speedup.trainingFlops
    const values = runs.map(({ speedup }) => speedup?.trainingFlops ?? Number.NaN)
    expect(new Set(values).size).toBe(3)
    expect(figure?.values).toEqual(values)
    expect(figure?.mean).toBeCloseTo(values.reduce((a, b) => a + b) / 3, 12)
    expect(figure?.low).toBeLessThan(figure?.mean ?? Number.NaN)
  })

  it('reads what is finished, and adds a seed', async () => {
    const journal = readFileSync(path.join(folder, 'three', 'seed-1', 'journal.jsonl'), 'utf8')
    const result = await repeat('three', '1,2,3,four')
    expect(result).toMatchObject({ exitCode: 0 })
    expect(JSON.parse(result.stdout).seeds).toEqual([1, 2, 3, 'four'])
    expect(readFileSync(path.join(folder, 'three', 'seed-1', 'journal.jsonl'), 'utf8')).toBe(journal)
  })

  it('goes on where it was killed', async () => {
    const target = path.join(folder, 'killed')
    const killed = await runCli(['compare', configFile, '--seeds', '1,2', '--out', target], {
      signal: 'SIGKILL',
      when: 'seed-2',
    })
    expect(killed.exitCode).not.toBe(0)
    expect(existsSync(path.join(target, 'summary.json'))).toBe(false)
    expect(await repeat('killed', '1,2')).toMatchObject({ exitCode: 0 })
    for (const seed of ['seed-1', 'seed-2']) {
      expect(trialTable(path.join(target, seed))).toEqual(trialTable(path.join(folder, 'three', seed)))
    }
    const { fear } = read<RepetitionsSummary>('killed', 'summary.json').comparisons
    // Two runs have no interval worth the name.
    expect(fear?.speedup.trainingFlops).toMatchObject({ low: null, high: null })
  })

  it('tells those who would resume it how', async () => {
    const result = await runCli(['resume', path.join(folder, 'three')])
    expect(result).toMatchObject({ exitCode: 2, stdout: '' })
    expect(result.stderr).toMatch(/three holds no run to resume: .* --seeds/)
  })

  it.each([
    ['another configuration', 'three', '1,2', ['--set', 'training.epochs=4'], 'holds a run of another configuration'],
    ['a single run', 'three/seed-1', '1,2', [], 'holds a single run'],
    ['a seed given twice', 'nothing', '1,1', [], 'No seed may be given twice'],
    ['seeds that would be paths', 'nothing', '1,../2', [], 'seeds separated by commas'],
  ])('refuses %s', async (_, out, seeds, more, message) => {
    const result = await repeat(out, seeds, ...more)
    expect(result).toMatchObject({ exitCode: 2, stdout: '' })
    expect(result.stderr).toContain(message)
    expect(existsSync(path.join(folder, 'nothing'))).toBe(false)
  })
})
