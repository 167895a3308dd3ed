import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { zipSync } from 'fflate'
import { beforeAll, describe, expect, it } from 'vitest'
import { resultsVersion } from '../../src/journal/results-version.js'
import { packageVersion } from '../../src/platform/package-version.js'
import { bytesNpy, stripedImages } from '../support/made-arrays.js'
import { copyPackage } from '../support/package-copy.js'
import { temporaryFolder } from '../support/temporary-folder.js'
import { type CliResult, runCli, trialTable } from './run-cli.js'
import { expectOneLine } from './tiny-searches.js'

const folder = temporaryFolder('resume-identity')
const out = (name: string): string => path.join(folder, name)
const journal = (name: string): string => readFileSync(path.join(out(name), 'journal.jsonl'), 'utf8')

/** Images of a sort: another `turn` gives others with the same names, shapes and labels. */
function writeImages(directory: string, turn: number): void {
  const { pixels, labels } = stripedImages(90, 3, 1, 8, 8)
  const turned = pixels.map((pixel) => (pixel + turn) % 256)
  const arrays = { x_train: bytesNpy(turned, 90, 8, 8), y_train: bytesNpy(labels, 90) }
  // Others than the training images, of which a run would say so.
  const negative = turned.map((pixel) => 255 - pixel)
  const test = { x_test: bytesNpy(negative, 90, 8, 8), y_test: bytesNpy(labels, 90) }
  const named = Object.entries({ ...arrays, ...test }).map(([name, npy]) => [`${name}.npy`, npy])
  writeFileSync(path.join(directory, 'data.npz'), zipSync(Object.fromEntries(named)))
}

const fear =
  '{ name: fear, threshold: 0.4, ratio: 2, cost: work, maxEpochs: 1, stage1: { batch: 24 }, stage2: { epochs: 1, batch: 24 } }'
const config = (engine: string): string => `data: { name: arrays, path: data.npz, train: 48, validation: 24, test: 12 }
space: { channels: 4, cells: 1 }
training: { epochs: 1, batch: 24 }
evaluator: ${fear}
budget: { trials: 2 }
finalists: 1
resampling: { searches: 0 }
workers: 1
engine: ${engine}
seed: 3
`

/** Where the data lie, and the configurations; another folder with a file of the same name; and where there is none. */
const [home, away] = [out('home'), out('away')]
const fn = (args: readonly string[], env = {}, place: { cwd?: string; root?: string } = {}): Promise<CliResult> =>
  runCli(args, [], { FEAR_NAS_CACHE: out('cache'), ...env }, { cwd: home, ...place })

/** The run of another one's name, which is left as it is. */
function copyOf(name: string, edit: (journal: string) => string = (text) => text): string {
  const copy = `${name}-${readdirSync(folder).length}`
  cpSync(out(name), out(copy), { recursive: true })
  writeFileSync(path.join(out(copy), 'journal.jsonl'), edit(journal(name)))
  return copy
}

const filesOf = (name: string) =>
  readdirSync(out(name))
    .toSorted()
    .map((file) => [file, readFileSync(path.join(out(name), file), 'latin1')])

/** Exits with 2 and one line, and leaves every file as it was, and no lock. */
async function refused(name: string, resume: () => Promise<CliResult>): Promise<string> {
  const before = filesOf(name)
  const result = await resume()
  expect(result).toMatchObject({ exitCode: 2 })
  expect(result.stderr.trim().split('\n')).toHaveLength(1)
  expect(filesOf(name)).toEqual(before)
  expect(existsSync(path.join(out(name), 'lock'))).toBe(false)
  return result.stderr.replaceAll(folder, '')
}

const more = ['--add', 'trials=1', '--quiet']
const fingerprint = /"fingerprint":"([0-9a-f]{16})"/

beforeAll(async () => {
  for (const directory of [home, away]) mkdirSync(directory)
  writeImages(home, 0)
  writeImages(away, 50)
  for (const engine of ['wasm', 'native', 'auto']) writeFileSync(path.join(home, `${engine}.yaml`), config(engine))
  const first = await fn(['compare', 'wasm.yaml', '--quiet', '--out', out('run')])
  expect(first.stderr).toBe('')
}, 120_000)

describe('a journal', () => {
  it('says what its run was measured on', async () => {
    const [started = '{}'] = journal('run').split('\n')
    expect(JSON.parse(started).identity).toEqual({
      data: { name: 'arrays', fingerprint: expect.stringMatching(/^[0-9a-f]{16}$/) },
      engine: { name: 'wasm', version: '1', device: 'simd128' },
      resultsVersion,
      version: packageVersion(),
      program: expect.stringMatching(/^[0-9a-f]{16}$/),
    })
  })
})

describe('fear-nas resume', () => {
  it('refuses other images, in the same place, from another folder, and with more arms', async () => {
    const run = copyOf('run')
    const ours = fingerprint.exec(journal('run'))?.[1]
    const message = new RegExp(
      `^/${run} cannot continue here, because new trials would not be comparable with the existing ones: data arrays ${ours} before, ` +
        'arrays [0-9a-f]{16} now\\. Put the original data back\\. Or start a new run in another folder with --out\\.\\n$',
    )
    expect(await refused(run, () => fn(['resume', out(run), ...more], {}, { cwd: away }))).toMatch(message)
    writeImages(home, 50)
    try {
      expect(await refused(run, () => fn(['resume', out(run), ...more]))).toMatch(message)
      const arms = `arms:
  - { name: fear, evaluator: ${fear} }
  - { name: full, evaluator: { name: full-training } }
  - { name: fast, evaluator: { name: zero-cost, measure: synflow } }
`
      writeFileSync(path.join(home, 'arms.yaml'), `${config('wasm')}${arms}`)
      const extended = ['resume', out(run), '--config', 'arms.yaml', '--quiet']
      expect(await refused(run, () => fn(extended))).toMatch(message)
    } finally {
      writeImages(home, 0)
    }
    expect(await fn(['resume', out(run), ...more])).toMatchObject({ exitCode: 0, stderr: '' })
    expect(trialTable(out(run)).filter((row) => (row as string[])[0] === 'trial.finished')).toHaveLength(6)
  }, 120_000)

  it('refuses another engine where engine: auto finds the recorded one no more, and else goes on with that', async () => {
    // Neither does this package have the addon.
    const root = copyPackage(out('package'))
    expect(await fn(['search', 'auto.yaml', '--quiet', '--out', out('auto')], {}, { root })).toMatchObject({
      exitCode: 0,
    })
    expect(journal('auto')).toContain('"engine":"wasm"')
    rmSync(path.join(root, 'native', 'wasm', 'fear_nas.wasm'))
    const run = copyOf('auto')
    expect(await refused(run, () => fn(['resume', out(run), ...more], {}, { root }))).toMatch(
      /^\/auto-\d+ was measured on the engine wasm, which does not load now \(trials of another engine would not be comparable\): engine "wasm" cannot be loaded: the WebAssembly engine's module .*\/fear_nas\.wasm cannot be read \(ENOENT\): install fear-nas again\. Fix this, or start a new run in another folder with --out\.\n$/,
    )
    // Here the native engine may load, and is faster.
    const resumed = await fn(['resume', out(run), ...more])
    expect(resumed).toMatchObject({ exitCode: 0 })
    expect(resumed.stderr).toMatch(
      /^The build of fear-nas \S+ or Node has changed since the last session \(\w{16}, now \w{16}\): the results version is the same \(\d+\), and so are the results\.\n$/,
    )
    expect(journal(run)).toMatch(/"event":"run.resumed".*"engine":"wasm"/)
    const { engine } = JSON.parse(readFileSync(path.join(out(run), 'summary.json'), 'utf8'))
    expect(engine.name).toBe('wasm')
  }, 120_000)

  it('refuses another results version', async () => {
    const run = copyOf('run', (text) =>
      text.replace(
        `"resultsVersion":${resultsVersion},"version":"${packageVersion()}"`,
        '"resultsVersion":0,"version":"0.0.1"',
      ),
    )
    expect(await refused(run, () => fn(['resume', out(run), ...more]))).toBe(
      `/${run} cannot continue here, because new trials would not be comparable with the existing ones: results version 0 (fear-nas 0.0.1) ` +
        `before, ${resultsVersion} (fear-nas ${packageVersion()}) now. Continue with the version of fear-nas that started it. Or start a new ` +
        'run in another folder with --out.\n',
    )
  })

  it('goes on with a note, and records what it is now, after another package version', async () => {
    const run = copyOf('run', (text) => text.replace(`"version":"${packageVersion()}"`, '"version":"0.0.9"'))
    const result = await fn(['resume', out(run), ...more])
    expect(result).toMatchObject({ exitCode: 0 })
    expectOneLine(
      result,
      `was started with fear-nas 0.0.9 and continues with ${packageVersion()}: the results version is the same (${resultsVersion}), and so are the results.`,
    )
    expect(journal(run)).toMatch(new RegExp(`"event":"run.resumed".*"version":"${packageVersion()}"`))
  })

  it('goes on with a note after a version that recorded nothing, and is checked from then on', async () => {
    const run = copyOf('run', (text) => text.replace(/,"identity":\{.*?"program":"\w+"\}/, ''))
    expect(journal(run)).not.toContain('identity')
    const note =
      'was recorded by an older fear-nas, without data fingerprint, instruction set and results version: whether these'
    const result = await fn(['resume', out(run), ...more])
    expect(result).toMatchObject({ exitCode: 0 })
    expectOneLine(result, note)
    expect(await refused(run, () => fn(['resume', out(run), ...more], {}, { cwd: away }))).toContain('data arrays')
  })
})

/** Those of the native engine; fewer than two where it is not built, or the processor has no more. */
const sets = await import('../../src/engines/native/native-engine.js').then(({ nativeInstructionSets }) => {
  try {
    return nativeInstructionSets()
  } catch {
    return []
  }
})
const [best = '', ...lesser] = sets
if (lesser.length === 0)
  process.stdout.write('skipped: resuming with another instruction set, of which there is none\n')

describe.skipIf(lesser.length === 0)('fear-nas resume with another instruction set', () => {
  it('takes an option, and then says so in table, summary and report', async () => {
    const environment = { FEAR_NAS_ISA: 'generic' }
    const search = ['search', 'native.yaml', '--quiet', '--out', out('isa')]
    expect(await fn(search, environment)).toMatchObject({ exitCode: 0 })
    expect(await refused('isa', () => fn(['resume', out('isa'), ...more]))).toBe(
      '/isa cannot continue here, because new trials would not be comparable with the existing ones: instruction set generic before, ' +
        `${best} now. Continue on a machine with generic (FEAR_NAS_ISA chooses among those of a processor), or mix both on purpose, ` +
        'which the report will show: fear-nas resume /isa --add trials=1 --allow-other-device. Or start a new run in another folder ' +
        'with --out.\n',
    )
    const mixed = await fn(['resume', out('isa'), ...more, '--allow-other-device'])
    expect(mixed).toMatchObject({ exitCode: 0, stderr: '' })
    const words = `This run mixes trials of native on generic and on ${best}, which round differently`
    expect(mixed.stdout).toContain(words)
    expect(JSON.parse(readFileSync(path.join(out('isa'), 'summary.json'), 'utf8')).devices).toEqual(['generic', best])
    const report = readFileSync(path.join(out('isa'), 'report.html'), 'utf8')
    expect(report).toContain(words)
    expect(report).toContain(`<dt>engine</dt><dd>native 1, generic and ${best}</dd>`)
    // It is mixed already: with either it goes on as it is.
    expect(await fn(['resume', out('isa'), ...more], environment)).toMatchObject({ exitCode: 0, stderr: '' })
  }, 120_000)
})

describe('runs beside one another', () => {
  it('are refused on other images: rank.from', async () => {
    const rank = `rank: { evaluators: [${fear}], truth: { sharedSeeds: true }, bootstrap: 10 }\n`
    for (const directory of [home, away]) writeFileSync(path.join(directory, 'rank.yaml'), `${config('wasm')}${rank}`)
    const ranking = ['rank', 'rank.yaml', '--set', `rank.from=${out('run')}`, '--quiet', '--out']
    const result = await fn([...ranking, out('ranking')], {}, { cwd: away })
    expect(result).toMatchObject({ exitCode: 2 })
    expect(result.stderr.replaceAll(folder, '')).toMatch(
      /^rank\.from: \/run was measured under other conditions than this ranking: data arrays \w{16} there, arrays \w{16} here\. Make these the same, or remove it from rank\.from\.\n$/,
    )
    expect(existsSync(out('ranking'))).toBe(false)
    const older = copyOf('run', (text) => text.replace(/,"identity":\{.*?"program":"\w+"\}/, ''))
    const from = ['rank', 'rank.yaml', '--set', `rank.from=${out(older)}`, '--json', '--quiet', '--out', out('after')]
    const taken = await fn(from)
    expect(taken).toMatchObject({ exitCode: 0 })
    expect(JSON.parse(taken.stdout)).toMatchObject({ reusedEvaluations: 2 })
    expect(taken.stderr).toContain('whether these are the same now cannot be checked')
  }, 120_000)

  it('are refused on other images: repetitions', async () => {
    writeFileSync(path.join(away, 'wasm.yaml'), config('wasm'))
    const compare = ['compare', 'wasm.yaml', '--quiet', '--out', out('repeated'), '--seeds']
    expect(await fn([...compare, '1'])).toMatchObject({ exitCode: 0 })
    const first = path.join('repeated', 'seed-1')
    expect(await refused(first, () => fn([...compare, '1,2'], {}, { cwd: away }))).toMatch(
      /^\/repeated\/seed-1 cannot continue here, .*: data arrays \w{16} before, arrays \w{16} now\./,
    )
    expect(existsSync(path.join(out('repeated'), 'seed-2'))).toBe(false)
    expect(await fn([...compare, '1,2'])).toMatchObject({ exitCode: 0, stderr: '' })
    // What is finished is read, wherever that is done.
    expect(await fn([...compare, '1,2'], {}, { cwd: away })).toMatchObject({ exitCode: 0 })
  }, 120_000)
})
