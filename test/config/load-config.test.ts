import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { configJsonSchema } from '../../src/config/json-schema.js'
import { loadConfig } from '../../src/config/load-config.js'
import { ConfigError } from '../../src/platform/errors.js'
import { parseDuration } from '../../src/platform/settings/duration.js'
import { temporaryFolder } from '../support/temporary-folder.js'

const folder = temporaryFolder('config')
const file = path.join(folder, 'job.yaml')

const good = `data: { name: fashion-mnist }
evaluator:
  name: fear
  threshold: 0.6
budget: { trials: 3, wallClock: 1h30m }
`

function complaint(text: string, sets: readonly string[] = []): string {
  writeFileSync(file, text)
  try {
    loadConfig(file, sets)
  } catch (error) {
    expect(error).toBeInstanceOf(ConfigError)
    expect((error as ConfigError).exitCode).toBe(2)
    return (error as Error).message.replaceAll(file, 'job.yaml')
  }
  return 'no complaint'
}

describe('a configuration file', () => {
  it('is completed with every default', () => {
    writeFileSync(file, good)
    const config = loadConfig(file)
    expect(config.budget).toEqual({ trials: 3, wallClock: 5400 })
    expect(config.training).toMatchObject({ epochs: 12, momentum: 0.9, nesterov: true, weightDecay: 5e-4, clipNorm: 5 })
    expect(config.evaluator).toMatchObject({ name: 'fear', threshold: 0.6, ratio: 4, cost: 'work' })
    expect(config.strategy).toEqual({ name: 'random', duplicates: 'isomorphism' })
  })

  it('may repeat settings by YAML anchors and merge keys', () => {
    const list = `arms:
  - { name: a, evaluator: &fear { name: fear, threshold: 0.7, ratio: 2 } }
  - { name: b, evaluator: { <<: *fear, ratio: 8 } }
`
    writeFileSync(file, `${good}${list}`)
    const arms = loadConfig(file).arms ?? []
    expect(arms.map(({ evaluator }) => evaluator)).toMatchObject([
      { name: 'fear', threshold: 0.7, ratio: 2 },
      { name: 'fear', threshold: 0.7, ratio: 8 },
    ])
  })

  it('may leave the threshold to a calibration, which has its defaults', () => {
    writeFileSync(file, good.replace('0.6', 'auto'))
    const { evaluator } = loadConfig(file, ['evaluator.calibration.epochs=3'])
    const calibration = { architectures: 5, epochs: 3, steps: 100 }
    expect(evaluator).toMatchObject({ threshold: 'auto', calibration })
  })

  it('has the settings of the strategy that it names, random search where it names none', () => {
    writeFileSync(file, good)
    const strategy = (...sets: readonly string[]) => loadConfig(file, sets).strategy
    expect(strategy('strategy.duplicates=string')).toEqual({ name: 'random', duplicates: 'string' })
    expect(strategy('strategy.name=regularized-evolution', 'strategy.sample=5')).toEqual({
      name: 'regularized-evolution',
      duplicates: 'isomorphism',
      population: 10,
      sample: 5,
    })
    for (const name of ['local-search', 'enumeration']) {
      expect(strategy(`strategy.name=${name}`)).toEqual({ name, duplicates: 'isomorphism' })
    }
  })

  it('gives way to --set, whose values are YAML', () => {
    writeFileSync(file, good)
    const config = loadConfig(file, ['evaluator.ratio=null', 'evaluator.stage2.epochs=7', 'seed=three', 'data.size=32'])
    expect(config).toMatchObject({
      evaluator: { ratio: null, stage2: { epochs: 7 } },
      seed: 'three',
      data: { size: 32 },
    })
  })

  it.each([
    [
      'a percentage',
      good.replace('0.6', '60'),
      [],
      'job.yaml:4:14  evaluator.threshold must be in (0, 1], got 60. Did you mean 0.6?',
    ],
    [
      'a threshold that is no number',
      good.replace('0.6', 'automatic'),
      [],
      'job.yaml:4:14  evaluator.threshold must be a number in (0, 1], or auto, got "automatic".',
    ],
    [
      'a window that no stage 1 fills',
      `${good.replace('fashion-mnist', 'fashion-mnist, train: 1000')}`,
      ['evaluator.stage1.check=window', 'evaluator.maxEpochs=5'],
      'job.yaml:2:1  evaluator.stage1.window must be at most the 40 steps that maxEpochs allows, ' +
        'or the window is never full, got 50.',
    ],
    [
      'a strategy that there is not',
      `${good}strategy: { name: local }\n`,
      [],
      'job.yaml:6:19  strategy.name must be one of random, regularized-evolution, local-search, tpe, enumeration, successive-halving, asha, module, got "local". Did you mean local-search?',
    ],
    [
      'workers that have no thread of their own',
      `${good}isolation: none\nworkers: 2\n`,
      [],
      'job.yaml:7:10  workers must be 1 with isolation: none, got 2. Set isolation to auto, or workers to 1.',
    ],
    [
      'a setting of another strategy',
      `${good}strategy: { population: 5 }\n`,
      [],
      'job.yaml:6:13  strategy.population is not a setting. Known settings: name, duplicates.',
    ],
    [
      'a population of nobody',
      `${good}strategy: { name: regularized-evolution, population: 0 }\n`,
      [],
      'job.yaml:6:54  strategy.population must be at least 1, got 0.',
    ],
    [
      'a misspelt key',
      good.replace('threshold', 'treshold'),
      [],
      'job.yaml:4:3  evaluator.treshold is not a setting. Did you mean threshold?',
    ],
    [
      'a misspelt key at the top',
      `${good}bugdet: 1\n`,
      [],
      'job.yaml:6:1  bugdet is not a setting. Did you mean budget?',
    ],
    [
      'a wrong type',
      good.replace('trials: 3', 'trials: many'),
      [],
      'job.yaml:5:19  budget.trials must be a number, got "many".',
    ],
    [
      'a wrong choice',
      good.replace('name: fear', 'name: feer'),
      [],
      'job.yaml:3:9  evaluator.name must be one of fear, short-training, zero-cost, full-training, module, got "feer". Did you mean fear?',
    ],
    ['no budget', good.replace(/budget.*\n/, ''), [], 'job.yaml:1:1  budget is required: must be a group of settings.'],
    [
      'an empty budget',
      good.replace(/budget.*\n/, 'budget: {}\n'),
      [],
      'job.yaml:5:9  budget needs at least one of trials, wallClock, computeSeconds, epochs, trainingFlops, targetAccuracy, got {}.',
    ],
    [
      'a duration in words',
      `${good}trialTimeout: soon\n`,
      [],
      'job.yaml:6:15  trialTimeout must be a duration such as 90s, 30m or 1h30m, got "soon".',
    ],
    [
      'a size that reductions cannot halve',
      good.replace('fashion-mnist', 'fashion-mnist, size: 30'),
      [],
      'job.yaml:1:36  data.size must be a multiple of 4 (two reductions halve it), got 30. Try 32.',
    ],
    [
      'CIFAR-10 without a path',
      good.replace('fashion-mnist', 'cifar10'),
      [],
      'job.yaml:1:15  data.name cifar10 needs data.path: the archive cifar-10-binary.tar.gz, or the folder unpacked from it.',
    ],
    [
      'a bad --set',
      good,
      ['evaluator.threshold=60'],
      'override evaluator.threshold=60  evaluator.threshold must be in (0, 1], got 60. Did you mean 0.6?',
    ],
    [
      'a --set of a group that is none',
      good,
      ['trainin.epochs=3'],
      'override trainin.epochs=3  trainin is not a setting. Did you mean training?',
    ],
    [
      'a --set without a value',
      good,
      ['seed'],
      'override seed  must have the form path=value, such as override training.epochs=20',
    ],
    ['text instead of settings', 'hello', [], 'job.yaml:1:1  the file must be a group of settings, got "hello".'],
  ])('is refused for %s', (_, text, sets, expected) => {
    expect(complaint(text, sets)).toBe(expected)
  })

  it('is refused where YAML breaks, with the place', () => {
    expect(complaint(`${good}list: [1, 2\n`)).toMatch(/^job\.yaml:\d+:\d+ {2}is not valid YAML: /)
  })

  it('that does not exist is met with those that do', () => {
    expect(() => loadConfig('search-configs/nope.yaml')).toThrow(
      /search-configs\/nope\.yaml does not exist\. There are: .*quick\.yaml/,
    )
  })

  it('in search-configs/ loads, and says in its first comment how long it takes', () => {
    const shipped = readdirSync('search-configs').filter((name) => name.endsWith('.yaml'))
    expect(shipped.length).toBeGreaterThanOrEqual(2)
    for (const name of shipped) {
      loadConfig(path.join('search-configs', name))
      const text = readFileSync(path.join('search-configs', name), 'utf8')
      expect(text.split('\n')[0]).toMatch(/^# .*(minute|hour|day)/)
    }
  })

  it('has a JSON Schema, and the one in search-configs/schema is up to date (make schema)', () => {
    const shipped = readFileSync('search-configs/schema/fear-nas.schema.json', 'utf8')
    expect(JSON.parse(shipped)).toEqual(JSON.parse(JSON.stringify(configJsonSchema())))
  })
})

describe('durations', () => {
  it.each([
    ['90s', 90],
    ['30m', 1800],
    ['1h30m', 5400],
    ['2d', 172_800],
    ['0.5h', 1800],
    ['h', null],
    ['10', null],
    ['5 m', null],
  ])('%s is %s seconds', (text, seconds) => {
    expect(parseDuration(text)).toBe(seconds)
  })
})
