import { readFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { loadConfig } from '../../src/config/load-config.js'
import { paperSearchOptions } from '../../src/evaluators/fear/presets.js'
import { writeCifar10, writeCifar100, writeImagenet16 } from '../support/published-data.js'
import { sharedData } from '../support/shared-data.js'
import { temporaryFolder } from '../support/temporary-folder.js'
import { runCli } from './run-cli.js'

const folder = temporaryFolder('paper')

/** CIFAR-10 itself where it is beside the repository; else, and for the others, made-up images in their format. */
const cases = [
  {
    name: 'cifar10',
    dataset: 'cifar10',
    classes: 10,
    data: () => sharedData('cifar-10-binary.tar.gz') ?? writeCifar10(path.join(folder, 'cifar-10')),
  },
  { name: 'cifar100', dataset: 'cifar100', classes: 100, data: () => writeCifar100(path.join(folder, 'cifar-100')) },
  {
    name: 'imagenet16',
    dataset: 'imagenet16-120',
    classes: 120,
    data: () => writeImagenet16(path.join(folder, 'imagenet16')),
  },
] as const

describe.each(cases)('the paper on $name', ({ name, dataset, classes, data }) => {
  const file = `search-configs/paper-${name}.yaml`

  it('has the authors’ settings', () => {
    const config = loadConfig(file)
    expect(config).toMatchObject({
      data: { name: dataset, train: 0, validation: classes, test: 0, size: null },
      space: { channels: 16, cells: 5 },
      training: { epochs: 200, batch: 256, learningRate: 0.1, weightDecay: 5e-4, clipNorm: 5, schedule: 'cosine' },
      budget: { trials: 500 },
    })
    for (const fear of [config.evaluator, config.arms?.[0]?.evaluator]) {
      expect(fear).toMatchObject(paperSearchOptions(dataset))
    }
    expect(config.arms?.slice(1).map((arm) => arm.evaluator)).toEqual(
      expect.arrayContaining([expect.objectContaining({ name: 'short-training', epochs: 8, score: 'train' })]),
    )
  })

  it('says where to get the data', () => {
    expect(readFileSync(file, 'utf8')).toMatch(/path: data\/\S+ # .*https:\/\//)
  })

  it('runs, cut down to an epoch of one small architecture', async () => {
    const directory = path.join(folder, `run-${name}`)
    const sets = [
      `data.path=${data()}`,
      `data.train=${classes}`,
      `data.test=${classes}`,
      'space.channels=2',
      'space.cells=1',
      'training.epochs=1',
      'budget.trials=1',
      // The threshold that any network reaches, so that every stage is seen in one epoch each.
      ...[0, 1].map((arm) => `arms.${arm}.finalists=1`),
      'arms.0.evaluator.threshold=0.0001',
      'arms.0.evaluator.maxEpochs=1',
      'arms.0.evaluator.stage2.epochs=1',
    ]
    const shortArms = loadConfig(file).arms?.slice(1) ?? []
    sets.push(...shortArms.map((_, i) => `arms.${i + 1}.evaluator.epochs=1`))
    const args = sets.flatMap((set) => ['--set', set])
    const { stderr, exitCode } = await runCli(['compare', file, ...args, '--quiet', '--out', directory])
    // The made images are of one colour each, which a run says.
    expect({ stderr: stderr.replaceAll(/^data: .*\n/gm, ''), exitCode }).toEqual({ stderr: '', exitCode: 0 })
    const summary = JSON.parse(readFileSync(path.join(directory, 'summary.json'), 'utf8'))
    expect(Object.keys(summary.arms)).toEqual(['fear', ...shortArms.map((arm) => arm.name)])
  }, 120_000)
})

describe('search-configs/paper-synthetic.yaml', () => {
  it('has the authors’ settings', () => {
    const { rank, data, budget } = loadConfig('search-configs/paper-synthetic.yaml')
    expect(data).toMatchObject({ name: 'synthetic-cifar10', train: 0, normalise: false })
    expect(rank?.evaluators[0]).toMatchObject({ threshold: 0.15, ratio: null, stage2: { batch: 1024, epochs: 5 } })
    expect(budget.trials).toBe(1000)
  })
})
