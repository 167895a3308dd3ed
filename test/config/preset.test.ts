import { writeFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { loadConfig } from '../../src/config/load-config.js'
import { paperRankingOptions, paperSearchOptions } from '../../src/evaluators/fear/presets.js'
import { ConfigError } from '../../src/platform/errors.js'
import { runCli } from '../cli/run-cli.js'
import { temporaryFolder } from '../support/temporary-folder.js'

const folder = temporaryFolder('preset')
const file = path.join(folder, 'job.yaml')

const good = `data: { name: synthetic-cifar10 }
evaluator: { name: fear, preset: paper }
budget: { trials: 3 }
`

function load(text: string, sets: readonly string[] = []) {
  writeFileSync(file, text)
  return loadConfig(file, sets)
}

describe('preset: paper', () => {
  it('is the authors’ search, for the data set in use', () => {
    expect(load(good).evaluator).toMatchObject(paperSearchOptions('synthetic-cifar10'))
    const cifar = load(good, ['data.name=cifar100', 'data.path=x.tar.gz'])
    expect(cifar.evaluator).toMatchObject({ threshold: 0.3, ratio: 4, maxEpochs: 200, cost: 'seconds' })
    expect(cifar.evaluator).toMatchObject({ stage2: { cut: 'cells.13', batch: 1024, epochs: 10, scoreEpoch: 'best' } })
  })

  it('is the authors’ ranking under rank', () => {
    const { rank } = load(`${good}rank: { evaluators: [{ name: fear, preset: paper, stage2: { epochs: 7 } }] }\n`)
    const { stage2, ...others } = paperRankingOptions('synthetic-cifar10')
    expect(rank?.evaluators[0]).toMatchObject({ ...others, stage2: { ...stage2, epochs: 7 } })
    expect(others.ratio).toBeNull()
  })

  it('fills arms too, and gives way to what is written, here or by --set', () => {
    const arms = `arms:
  - { name: a, evaluator: { name: fear, preset: paper, ratio: 2, stage2: { batch: 64 } } }
  - { name: b, evaluator: { name: full-training } }
`
    const config = load(good + arms, ['arms.0.evaluator.threshold=0.5'])
    const expected = paperSearchOptions('synthetic-cifar10')
    expect(config.arms?.[0]?.evaluator).toMatchObject({
      ...expected,
      ratio: 2,
      threshold: 0.5,
      stage2: { ...expected.stage2, batch: 64 },
    })
  })

  it('freezes up to the last stage where there are not five cells', () => {
    expect(load(good, ['space.cells=2']).evaluator).toMatchObject({ stage2: { cut: 'last-stage' } })
  })

  it('is shown filled in, and what is shown is the same job', async () => {
    writeFileSync(file, good)
    const { stdout, exitCode } = await runCli(['config', 'show', file])
    expect(exitCode).toBe(0)
    expect(parse(stdout).evaluator).toMatchObject(paperSearchOptions('synthetic-cifar10'))
    expect(load(stdout)).toEqual(load(good))
  })

  it.each([
    [
      'a data set without values',
      good.replace('synthetic-cifar10', 'fashion-mnist'),
      "2:34  evaluator.preset paper has no settings for fashion-mnist: FEAR's authors used cifar10, cifar100, " +
        'imagenet16-120, synthetic-cifar10.',
    ],
    ['another preset', good.replace('paper', 'book'), '2:34  evaluator.preset must be paper, got "book".'],
    [
      'a group that is none',
      good.replace('preset: paper', 'preset: paper, stage2: 5'),
      '2:49  evaluator.stage2 must be a group of settings, got 5.',
    ],
    [
      'a value out of range',
      good.replace('preset: paper', 'preset: paper, threshold: 30'),
      'evaluator.threshold must be in (0, 1], got 30. Did you mean 0.3?',
    ],
    [
      'an augmentation that the preset allows and written features do not',
      `${good.replace('preset: paper', 'preset: paper, stage2: { cacheFeatures: true }')}training: { augmentation: { flip: true } }\n`,
      'evaluator.stage2.cacheFeatures must be false if training images are augmented',
    ],
  ])('complains of %s', (_, text, message) => {
    expect(() => load(text)).toThrow(ConfigError)
    expect(() => load(text)).toThrow(message)
  })
})
