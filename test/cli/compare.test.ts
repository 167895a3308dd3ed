import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import type { Summary } from '../../src/results/summary.js'
import { natsTss } from '../../src/spaces/nats-tss/index.js'
import { temporaryFolder } from '../support/temporary-folder.js'
import { type CliResult, runCli, trialTable } from './run-cli.js'

const folder = temporaryFolder('cli')
const configFile = path.join(folder, 'tiny.yaml')

function never(): never {
  throw new Error('there are no intervals')
}

/** A whole comparison on real images in a few seconds. */
const tiny = `data: { name: fashion-mnist, train: 400, validation: 200, test: 300, size: 16 }
space: { channels: 4, cells: 1 }
training: { epochs: 4, batch: 32 }
evaluator: { name: fear, threshold: 0.5, ratio: 2, maxEpochs: 6, stage2: { epochs: 2, batch: 64 } }
budget: { trials: 10 }
finalists: 2
seed: 3
`
writeFileSync(configFile, tiny)

const out = (name: string): string => path.join(folder, name)
const compare = (name: string, workers: number): Promise<CliResult> =>
  runCli(['compare', configFile, '--json', '--workers', String(workers), '--out', out(name)])

describe('fear-nas compare', () => {
  let one: CliResult
  let two: CliResult

  beforeAll(async () => {
    one = await compare('one', 1)
    two = await compare('two', 2)
  }, 120_000)

  it('ends well and prints its summary as JSON, the same as in summary.json', () => {
    expect(one).toMatchObject({ exitCode: 0 })
    expect(JSON.parse(one.stdout)).toEqual(JSON.parse(readFileSync(path.join(out('one'), 'summary.json'), 'utf8')))
  })

  it('gives the same trial table with one worker and with two', () => {
    expect(two).toMatchObject({ exitCode: 0 })
    expect(trialTable(out('one'))).toHaveLength(22)
    expect(trialTable(out('two'))).toEqual(trialTable(out('one')))
  })

  it('accounts for every second and FLOP', () => {
    const { arms, speedup, testAccuracyDifference, rankCorrelation, schema } = JSON.parse(one.stdout)
    expect(schema).toBe(1)
    for (const arm of [arms.fear, arms.full]) {
      expect(arm.trials).toBe(10)
      expect(Object.values<number>(arm.outcomes).reduce((sum, count) => sum + count)).toBe(10)
      expect(arm.computeSeconds).toBeCloseTo(arm.evaluationSeconds + arm.finalistSeconds, 9)
      expect(natsTss.parse(arm.best.architecture)).toBe(arm.best.architecture)
      expect(arm.best.testAccuracy).toBeGreaterThan(0.3)
    }
    expect(arms.full.finalistSeconds).toBe(0)
    expect(arms.fear.finalistSeconds).toBeGreaterThan(0)
    for (const unit of ['computeSeconds', 'wallSeconds', 'trainingFlops'] as const) {
      expect(speedup[unit]).toBeCloseTo(arms.full[unit] / arms.fear[unit], 9)
    }
    expect(testAccuracyDifference).toBeCloseTo(arms.fear.best.testAccuracy - arms.full.best.testAccuracy, 12)
    expect(rankCorrelation.trials).toBe(arms.fear.outcomes.scored)
  })

  it('leaves the resolved configuration, which gives the same run again', async () => {
    const again = await runCli(['compare', path.join(out('one'), 'config.yaml'), '--json', '--out', out('again')])
    expect(again).toMatchObject({ exitCode: 0 })
    expect(trialTable(out('again'))).toEqual(trialTable(out('one')))
  })

  it('does not touch a run directory that holds a run', async () => {
    const before = readFileSync(path.join(out('one'), 'journal.jsonl'), 'utf8')
    const result = await compare('one', 1)
    expect(result).toMatchObject({ exitCode: 2, stdout: '' })
    expect(result.stderr).toContain('already holds a run')
    expect(readFileSync(path.join(out('one'), 'journal.jsonl'), 'utf8')).toBe(before)
  })

  it.each(['SIGINT', 'SIGTERM', 'SIGKILL'] as const)('goes on after %s, to the same trial table', async (signal) => {
    const directory = out(signal)
    const stopped = await runCli(['compare', configFile, '--workers', '2', '--out', directory], {
      signal,
      when: 'fear 4/10 trials',
    })
    if (signal !== 'SIGKILL') {
      expect(stopped.exitCode).toBe(0)
      expect(stopped.stdout).toContain(`fear-nas resume ${directory}`)
    }
    expect(trialTable(directory).length).toBeLessThan(22)
    const resumed = await runCli(['resume', directory, '--json'])
    expect(resumed).toMatchObject({ exitCode: 0 })
    expect(trialTable(directory)).toEqual(trialTable(out('one')))
    const { arms } = JSON.parse(resumed.stdout)
    expect(arms.fear.best).toEqual(JSON.parse(one.stdout).arms.fear.best)
  })
})

describe('fear-nas compare with a list of arms', () => {
  const armsFile = path.join(folder, 'arms.yaml')
  const evaluator = tiny.split('\n')[3]
  const text = tiny.replace(
    `${evaluator}\n`,
    `arms:
  - { name: fear, ${evaluator} }
  - { name: full, evaluator: { name: full-training } }
  - { name: short-2, finalists: 1, evaluator: { name: short-training, epochs: 2, batch: 32 } }
  - { name: short-4, evaluator: { name: short-training, epochs: 4, batch: 32, score: validation } }
resampling: { searches: 200 }
`,
  )
  writeFileSync(armsFile, text)
  const run = (name: string, workers: number): Promise<CliResult> =>
    runCli(['compare', armsFile, '--json', '--workers', String(workers), '--out', out(name)])
  /** The measured seconds differ from run to run. */
  const withoutSeconds = ({ arms, comparisons }: Summary['resampling'] & object): unknown => [
    Object.entries(arms).map(([name, arm]) => [
      name,
      arm.trainingFlops,
      arm.testAccuracy,
      arm.rejected,
      arm.extrapolated,
    ]),
    Object.entries(comparisons).map(([name, arm]) => [name, arm.speedup.trainingFlops, arm.testAccuracyDifference]),
  ]
  let one: Summary

  beforeAll(async () => {
    const result = await run('arms-one', 1)
    expect(result).toMatchObject({ exitCode: 0 })
    one = JSON.parse(result.stdout)
  }, 120_000)

  it('compares every other arm with full training, with intervals', () => {
    expect(Object.keys(one.arms)).toEqual(['fear', 'full', 'short-2', 'short-4'])
    expect(one.arms['short-2']?.finalists).toHaveLength(1)
    expect(Object.keys(one.comparisons)).toEqual(['fear', 'short-2', 'short-4'])
    const { fear } = one.comparisons
    expect(fear).toMatchObject({ against: 'full', speedup: one.speedup, rankCorrelation: one.rankCorrelation })
    expect(one.resampling).toMatchObject({
      searches: 200,
      architectures: 10,
      measured: 10,
      against: 'full',
      workers: 1,
    })
    for (const [name, { speedup }] of Object.entries(one.comparisons)) {
      const { mean, low, high } = one.resampling?.comparisons[name]?.speedup.trainingFlops ?? {}
      expect(low).toBeLessThanOrEqual(mean ?? Number.NaN)
      expect(high).toBeGreaterThanOrEqual(mean ?? Number.NaN)
      expect(low).toBeLessThan(speedup.trainingFlops ?? Number.NaN)
    }
  })

  it('draws anytime curves for every arm, over the same times', () => {
    const { times, arms } = one.resampling?.anytime ?? { times: null, arms: {} }
    expect(Object.keys(arms)).toEqual(['fear', 'full', 'short-2', 'short-4'])
    for (const axis of ['computeSeconds', 'wallSeconds'] as const) {
      for (const curves of Object.values(arms)) {
        const { mean, low, high } = curves[axis]
        expect([mean.length, low.length, high.length]).toEqual(Array(3).fill(times?.[axis].length))
        expect(mean.at(-1)).toBeGreaterThan(0.3)
      }
    }
  })

  it('gives the same intervals of work and accuracy with two workers, and after a kill while it measures', async () => {
    const two = await run('arms-two', 2)
    expect(withoutSeconds(JSON.parse(two.stdout).resampling)).toEqual(withoutSeconds(one.resampling ?? never()))
    expect(trialTable(out('arms-two'))).toEqual(trialTable(out('arms-one')))

    const killed = await runCli(['compare', armsFile, '--workers', '2', '--out', out('arms-killed')], {
      signal: 'SIGKILL',
      when: 'full: measuring 10 networks',
    })
    expect(killed.exitCode).not.toBe(0)
    const resumed = await runCli(['resume', out('arms-killed'), '--json'])
    expect(resumed).toMatchObject({ exitCode: 0 })
    expect(withoutSeconds(JSON.parse(resumed.stdout).resampling)).toEqual(withoutSeconds(one.resampling ?? never()))
    expect(readdirSync(out('arms-killed')).filter((name) => name.startsWith('trained-'))).toEqual([])
  }, 120_000)

  it('goes on with more arms, to the same tables as if all had been there from the start', async () => {
    const directory = out('arms-extended')
    writeFileSync(out('fewer.yaml'), text.replace(/^ {2}- \{ name: (fear|short-4),.*\n/gm, ''))
    const fewer = await runCli(['compare', out('fewer.yaml'), '--quiet', '--out', directory])
    expect(fewer).toMatchObject({ exitCode: 0 })
    const extended = await runCli(['resume', directory, '--config', armsFile, '--json'])
    expect(extended).toMatchObject({ exitCode: 0 })
    expect(withoutSeconds(JSON.parse(extended.stdout).resampling)).toEqual(withoutSeconds(one.resampling ?? never()))
    expect(trialTable(directory).toSorted()).toEqual(trialTable(out('arms-one')).toSorted())
    const again = await runCli(['resume', directory, '--json'])
    expect(JSON.parse(again.stdout).arms).toEqual(JSON.parse(extended.stdout).arms)

    writeFileSync(out('other.yaml'), text.replace('short-training, epochs: 2', 'short-training, epochs: 3'))
    writeFileSync(out('seed.yaml'), text.replace('seed: 3', 'seed: 4'))
    for (const [config, message] of [
      [out('fewer.yaml'), 'lacks the arm fear, of which the run has trials. Add it unchanged.'],
      [out('other.yaml'), 'changes the arm short-2, of which the run has trials. Give the new settings another name.'],
      [out('seed.yaml'), 'differs from the run in seed'],
    ] as const) {
      const refused = await runCli(['resume', directory, '--config', config])
      expect(refused).toMatchObject({ exitCode: 2, stdout: '' })
      expect(refused.stderr).toContain(message)
    }
  }, 120_000)

  it.each([
    ['one arm', 'arms=[{ name: a, evaluator: { name: full-training } }]', 'arms must be a list of two arms or more'],
    [
      'a name twice',
      'arms.3.name=fear',
      '--set arms.3.name=fear  arms.3.name is fear, the same as arms.0.name. Change one.',
    ],
    ['a name that is none', 'arms.1.name=a/b', 'arms.1.name must be a name of letters'],
    ['a wrong threshold', 'arms.0.evaluator.threshold=60', 'arms.0.evaluator.threshold must be in (0, 1]'],
    [
      'too large a subset',
      'resampling={ architectures: 11, replacement: false }',
      'must be at most budget.trials (10)',
    ],
  ])('refuses %s', async (_, set, message) => {
    const result = await runCli(['compare', armsFile, '--set', set, '--out', out('no-arms')])
    expect(result.stderr).toContain(message)
    expect(result).toMatchObject({ exitCode: 2, stdout: '' })
    expect(existsSync(out('no-arms'))).toBe(false)
  })

  it('points at a setting of an arm that is none', async () => {
    writeFileSync(
      out('odd.yaml'),
      text.replace('epochs: 2, batch: 32 } }\n  - { name: short-4', 'epoks: 2 } }\n  - { name: short-4'),
    )
    const result = await runCli(['compare', out('odd.yaml'), '--out', out('no-arms')])
    expect(result.stderr).toMatch(
      /odd\.yaml:7:\d+ {2}arms\.2\.evaluator\.epoks is not a setting\. Did you mean epochs\?/,
    )
  })
})

describe('bad input', () => {
  const target = out('nothing')
  const bad = (name: string, text: string): string => {
    writeFileSync(out(name), text)
    return out(name)
  }

  it.each([
    [
      'a misspelt key',
      bad('a.yaml', tiny.replace('threshold', 'treshold')),
      [],
      /a\.yaml:4:26 {2}evaluator\.treshold is not a setting\. Did you mean threshold\?/,
    ],
    [
      'a wrong type',
      bad('b.yaml', tiny.replace('epochs: 4', 'epochs: many')),
      [],
      /b\.yaml:3:21 {2}training\.epochs must be a number, got "many"\./,
    ],
    [
      'a threshold of 60',
      bad('c.yaml', tiny.replace('0.5', '60')),
      [],
      /c\.yaml:4:37 {2}evaluator\.threshold must be in \(0, 1\], got 60\. Did you mean 0\.6\?/,
    ],
    ['a missing file', out('absent.yaml'), [], /absent\.yaml does not exist\. There are: /],
    [
      'a cut that is none',
      configFile,
      ['--set', 'evaluator.stage2.cut=cells.99'],
      /--set evaluator\.stage2\.cut=cells\.99 {2}evaluator\.stage2\.cut must be a cut/,
    ],
    ['too many images', configFile, ['--set', 'data.train=70000'], /asks for 70000/],
    ['CIFAR-10 that is not there', configFile, ['--set', 'data={name: cifar10, path: nowhere}'], /nowhere/],
  ])('%s: one line, exit code 2, nothing written', async (_, file, options, message) => {
    const result = await runCli(['compare', file, ...options, '--out', target])
    expect(result.stderr).toMatch(message)
    expect(result.stderr.trim().split('\n')).toHaveLength(1)
    expect(result).toMatchObject({ exitCode: 2, stdout: '' })
    expect(existsSync(target)).toBe(false)
  })

  it.each([
    ['a file', path.join(configFile, 'run')],
    ['a file system that takes none', '/proc/fear-nas/run'],
  ])('a results folder in %s: one line, exit code 2', async (_, directory) => {
    const result = await runCli(['compare', configFile, '--out', directory])
    expect(result.stderr).toContain(`${directory} cannot hold a run`)
    expect(result.stderr.trim().split('\n')).toHaveLength(1)
    expect(result).toMatchObject({ exitCode: 2, stdout: '' })
  })

  it('an unknown option is refused with exit code 2', async () => {
    expect(await runCli(['compare', configFile, '--frobnicate'])).toMatchObject({ exitCode: 2, stdout: '' })
  })
})

describe('fear-nas space', () => {
  it('prints JSON for programs', async () => {
    const space = await runCli(['space', 'nats-tss', '--json'])
    expect(JSON.parse(space.stdout)).toEqual({
      architectures: 15_625,
      connected: 15_284,
      canonical: { natsBench: 6466, isomorphism: 4930 },
    })
  })

  it.each([
    ['|nor_conv_3x3~0|+|nor_conv_3x3~0|nor_conv_3x3~1|+|nor_conv_3x3~0|nor_conv_3x3~1|nor_conv_3x3~2|', 1_531_546],
    ['|skip_connect~0|+|skip_connect~0|skip_connect~1|+|skip_connect~0|skip_connect~1|skip_connect~2|', 73_306],
  ])('counts the parameters of %s', async (architecture, params) => {
    const { stdout } = await runCli(['space', 'nats-tss', '--arch', architecture, '--json'])
    const description = JSON.parse(stdout)
    expect(description).toMatchObject({ architecture, connected: true, params })
    expect(description.neighbours).toHaveLength(24)
  })
})
