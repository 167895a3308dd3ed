import { spawn } from 'node:child_process'
import { appendFileSync, cpSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { installPacked } from '../support/packed-package.js'
import { temporaryFolder } from '../support/temporary-folder.js'

/** A user's folder, with the package installed and its examples copied, as docs/extending.md says. */
const folder = temporaryFolder('own-parts')
const kinds = [
  ['strategy', 'strategy'],
  ['evaluator', 'evaluator'],
  ['space', 'search space'],
  ['dataset', 'data set'],
  ['engine', 'engine'],
] as const

beforeAll(() => {
  writeFileSync(path.join(folder, 'package.json'), '{}')
  installPacked(folder)
  cpSync(path.join(folder, 'node_modules/fear-nas/examples'), path.join(folder, 'examples'), { recursive: true })
}, 120_000)

interface Ended {
  readonly exitCode: number | null
  readonly stdout: string
  readonly stderr: string
}

function fearNas(args: readonly string[]): Promise<Ended> {
  const main = path.join(folder, 'node_modules/fear-nas/dist/cli/main.js')
  const child = spawn(process.execPath, [main, ...args], { cwd: folder })
  let stdout = ''
  let stderr = ''
  child.stdout.on('data', (text) => (stdout += text))
  child.stderr.on('data', (text) => (stderr += text))
  return new Promise((resolve) => child.on('close', (exitCode) => resolve({ exitCode, stdout, stderr })))
}

/** The lines of a run's journal. */
function journalOf(run: string): readonly Readonly<Record<string, unknown>>[] {
  const lines = readFileSync(path.join(folder, run, 'journal.jsonl'), 'utf8')
    .trim()
    .split('\n')
  return lines.map((line) => JSON.parse(line))
}

/** What was tried and what became of it, without what a clock measured. */
function trialsOf(run: string): readonly unknown[] {
  const trials = journalOf(run).flatMap((line) => {
    if (line.event !== 'trial.finished') return []
    const { architecture, outcome, trial } = line as {
      architecture: string
      outcome: { kind: string; score: number }
      trial: number
    }
    return [[trial, architecture, outcome.kind, outcome.score] as const]
  })
  return trials.toSorted(([a], [b]) => a - b)
}

const succeeded = { exitCode: 0, stderr: '' }

describe.each(kinds)('the example of your own %s, from the packed package', (name) => {
  it('is searched with by worker threads, and is in the journal with its hash', async () => {
    const args = ['search', `examples/${name}.yaml`, '--workers', '2', '--out', name, '--quiet']
    expect(await fearNas(args)).toMatchObject(succeeded)
    expect(trialsOf(name).length).toBeGreaterThanOrEqual(6)
    const sha256 = expect.stringMatching(/^[0-9a-f]{64}$/)
    expect(journalOf(name)[0]).toMatchObject({ modules: { [`./examples/${name}.mjs`]: sha256 } })
  }, 60_000)
})

describe('a configuration whose five parts are modules', () => {
  /** A file of it, with what a command needs besides. */
  const write = (file: string, rest: string): void =>
    writeFileSync(
      path.join(folder, file),
      `data: { name: module, module: ./examples/dataset.mjs, train: 150, validation: 60, test: 60 }
space: { name: module, module: ./examples/space.mjs, settings: { length: 2 }, channels: 4 }
training: { epochs: 1, batch: 32 }
strategy: { name: module, module: ./examples/strategy.mjs }
engine: { name: module, module: ./examples/engine.mjs }
budget: { trials: 4 }
workers: 2
${rest}
`,
    )
  const own = '{ name: module, module: ./examples/evaluator.mjs }'
  const search = `finalists: 1\nresampling: { searches: 0 }\nevaluator: ${own}`

  it('gives the same trials with threads and with processes', async () => {
    write('all.yaml', search)
    const run = (isolation: string) =>
      fearNas(['search', 'all.yaml', '--out', isolation, '--quiet', '--set', `isolation=${isolation}`])
    expect(await run('thread')).toMatchObject(succeeded)
    expect(await run('process')).toMatchObject(succeeded)
    expect(trialsOf('thread')).toHaveLength(4)
    expect(trialsOf('process')).toEqual(trialsOf('thread'))
  }, 60_000)

  it('is compared and ranked', async () => {
    write('compare.yaml', search)
    expect(await fearNas(['compare', 'compare.yaml', '--out', 'compared', '--quiet'])).toMatchObject(succeeded)
    write('rank.yaml', `rank: { evaluators: [${own}, { name: zero-cost, measure: flops }], bootstrap: 0 }`)
    expect(await fearNas(['rank', 'rank.yaml', '--out', 'ranked', '--quiet'])).toMatchObject(succeeded)
    for (const run of ['compared', 'ranked']) expect(Object.keys(journalOf(run)[0]?.modules as object)).toHaveLength(5)
  }, 60_000)

  it('is asked about by resume where modules have changed, and goes on where that is allowed', async () => {
    for (const [name] of kinds) appendFileSync(path.join(folder, `examples/${name}.mjs`), '// edited\n')
    const resume = ['resume', 'thread', '--add', 'trials=1', '--quiet']
    const asked = await fearNas(resume)
    expect(asked).toMatchObject({ exitCode: 2, stdout: '' })
    const lines = asked.stderr.trim().split('\n')
    expect(lines).toHaveLength(kinds.length)
    for (const [name, kind] of kinds) {
      const module = `the module ./examples/${name}.mjs as its ${kind}, which is not the file that the run was recorded with`
      expect(lines.filter((line) => line.startsWith(`thread names ${module} (sha256 recorded: `))).toHaveLength(1)
    }
    expect(await fearNas([...resume, '--allow-code'])).toMatchObject({ exitCode: 0 })
    expect(trialsOf('thread')).toHaveLength(5)
  }, 60_000)
})
