import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { beforeAll, describe, expect, it } from 'vitest'
import { temporaryFolder } from '../support/temporary-folder.js'
import { runCli, trialTable } from './run-cli.js'

const folder = temporaryFolder('module-evaluator')
const file = path.join(folder, 'mine.mjs')
/** A short training by validation accuracy, as the example has it and as the built-in one does. */
const text = `import { interruptedOutcome, runTrial, scoreTraining, trainWhole } from ${JSON.stringify(pathToFileURL(path.resolve('dist/index.js')).href)}
export default ({ epochs }) => ({
  name: 'mine',
  traits: { scoreIsAccuracy: true },
  evaluate: (request, context) =>
    runTrial(request, context, 'train', (run) => {
      const trained = trainWhole(run, { batch: 32, epochs, learningRate: context.recipe.learningRate, schedule: 'cosine' })
      if (trained.kind !== 'finished') return { outcome: interruptedOutcome(trained, run) }
      return { outcome: scoreTraining(run, trained, { score: 'validation', scoreEpoch: 'last', batch: 32 }) }
    }),
})
`
const shared = `data: { name: fashion-mnist, train: 100, validation: 30, test: 30, size: 8 }
space: { channels: 2, cells: 1 }
training: { epochs: 1, batch: 32 }
finalists: 1
engine: wasm
workers: 2
`
const mine = '{ name: module, module: ./mine.mjs, settings: { epochs: 1 } }'
const builtIn = '{ name: short-training, epochs: 1, batch: 32, score: validation }'

function fearNas(...args: readonly string[]) {
  return runCli([...args, '--quiet'], [], { FEAR_NAS_CACHE: process.env.FEAR_NAS_CACHE ?? '' }, { cwd: folder })
}

function config(name: string, settings: string): string {
  writeFileSync(path.join(folder, name), shared + settings)
  return name
}

const summary = (run: string) => JSON.parse(readFileSync(path.join(folder, run, 'summary.json'), 'utf8'))
/** Outcomes without seconds. */
const scores = (run: string) =>
  trialTable(path.join(folder, run)).map((line) =>
    JSON.stringify(line).replaceAll(/"(?:compute|wall)Seconds":[^,}]+/g, ''),
  )

beforeAll(() => writeFileSync(file, text))

describe('an evaluator that is a module', { timeout: 120_000 }, () => {
  it('scores as a built-in one does, in threads and in processes, and may have a target', async () => {
    const settings = (evaluator: string) => `evaluator: ${evaluator}\nbudget: { trials: 3, targetAccuracy: 1 }\n`
    config('own.yaml', settings(mine))
    config('built-in.yaml', settings(builtIn))
    const runs = [
      ['own.yaml', '--out', 'threads'],
      ['own.yaml', '--out', 'processes', '--set', 'isolation=process'],
      ['built-in.yaml', '--out', 'built-in'],
    ]
    for (const args of runs) expect(await fearNas('search', ...args)).toMatchObject({ exitCode: 0, stderr: '' })
    const named = (run: string) => scores(run).map((line) => line.replaceAll('short-training', 'mine'))
    expect(named('threads')).toHaveLength(4)
    expect(named('threads')).toEqual(named('built-in'))
    expect(named('processes')).toEqual(named('built-in'))
    expect(summary('threads').arms.mine).toMatchObject({ evaluator: './mine.mjs', trials: 3 })
    expect(existsSync(path.join(folder, 'threads/best-mine.bin'))).toBe(true)
  })

  it('goes on after more trials are asked for, and not with another file unless it is told to', async () => {
    expect(await fearNas('resume', 'threads', '--add', 'trials=1')).toMatchObject({ exitCode: 0 })
    expect(summary('threads').arms.mine.trials).toBe(4)
    writeFileSync(file, `${text}// changed`)
    const refused = await fearNas('resume', 'threads', '--add', 'trials=1')
    expect(refused.exitCode).toBe(2)
    expect(refused.stderr).toContain('names the module ./mine.mjs as its evaluator, which is not the file that the run')
    writeFileSync(file, text)
  })

  it('is ranked beside others, and compared with full training', async () => {
    config('rank.yaml', `budget: { trials: 3 }\nrank: { bootstrap: 10, evaluators: [${mine}, { name: zero-cost }] }\n`)
    config('compare.yaml', `evaluator: ${mine}\nbudget: { trials: 2 }\nresampling: { searches: 10 }\n`)
    expect(await fearNas('rank', 'rank.yaml', '--out', 'ranks')).toMatchObject({ exitCode: 0, stderr: '' })
    expect(summary('ranks').methods.map(({ name }: { name: string }) => name)).toEqual([
      'full-training',
      './mine.mjs',
      'zero-cost',
    ])
    expect(await fearNas('compare', 'compare.yaml', '--out', 'compared')).toMatchObject({ exitCode: 0, stderr: '' })
    expect(Object.keys(summary('compared').arms)).toEqual(['mine', 'full'])
    expect(summary('compared').comparisons.mine).toMatchObject({ against: 'full' })
    expect(summary('compared').resampling).not.toBeNull()
  })

  it('is refused before any work, with its place, where it makes no evaluator or has no such trait', async () => {
    const wrong = async (code: string) => {
      writeFileSync(path.join(folder, 'wrong.mjs'), code)
      config('wrong.yaml', 'evaluator: { name: module, module: ./wrong.mjs }\nbudget: { trials: 2 }\n')
      const { exitCode, stderr } = await fearNas('search', 'wrong.yaml', '--out', 'wrong')
      expect(exitCode).toBe(2)
      return stderr
    }
    expect(await wrong('export default () => ({ name: "x" })')).toContain(
      'wrong.yaml:7:36  evaluator.module ./wrong.mjs made no evaluator: it has no function evaluate.',
    )
    expect(await wrong('export default () => ({ name: "x", evaluate() {}, traits: { trainsInFul: true } })')).toContain(
      './wrong.mjs made no evaluator: its traits.trainsInFul is unknown: there are trainsInFull, scoreIsAccuracy, isShortTraining, pace',
    )
    expect(existsSync(path.join(folder, 'wrong'))).toBe(false)
  })
})
