import { describe, expect, it } from 'vitest'
import { checkFearOptions } from '../../../src/evaluators/fear/check-options.js'
import type { FearOptions } from '../../../src/evaluators/fear/options.js'
import { type PaperDataset, paperRankingOptions, paperSearchOptions } from '../../../src/evaluators/fear/presets.js'
import { defaultFearOptions } from '../../../src/evaluators/fear/settings.js'
import { natsTss } from '../../../src/spaces/nats-tss/index.js'
import { smallRecipe } from '../support/small-world.js'

const cutsOf = (cells: number): readonly string[] => {
  const input = { channels: 3, height: 32, width: 32 }
  const network = natsTss.network(natsTss.at(0), { channels: 16, cells, input, classes: 10 })
  return network.cuts.map((cut) => cut.name)
}

const stage2 = (changes: Partial<FearOptions['stage2']>): Partial<FearOptions> => ({
  stage2: { ...defaultFearOptions.stage2, ...changes },
})
const flipped = { ...smallRecipe, augmentation: { flip: true, crop: 4, cutout: 0 } }

describe('checkFearOptions', () => {
  it.each([1, 2, 5])('finds nothing wrong with the defaults for %d cells a stage', (cells) => {
    expect(checkFearOptions(defaultFearOptions, smallRecipe, cutsOf(cells))).toEqual([])
  })

  it.each<{ changes: Partial<FearOptions>; path: string; message: RegExp }>([
    { changes: { threshold: 60 }, path: 'threshold', message: /^must be in \(0, 1\], got 60$/ },
    { changes: { threshold: 0 }, path: 'threshold', message: /got 0$/ },
    { changes: { ratio: 1 }, path: 'ratio', message: /more than 1/ },
    { changes: { maxEpochs: 0 }, path: 'maxEpochs', message: /positive whole number, got 0/ },
    { changes: stage2({ epochs: 0 }), path: 'stage2.epochs', message: /got 0/ },
    { changes: stage2({ batch: 1.5 }), path: 'stage2.batch', message: /got 1.5/ },
    {
      changes: stage2({ cut: 'cells.99' }),
      path: 'stage2.cut',
      message: /cells\.1, .*last-stage.*, head\), got cells\.99/,
    },
  ])('names $path for $changes', ({ changes, path, message }) => {
    const [problem, ...others] = checkFearOptions({ ...defaultFearOptions, ...changes }, smallRecipe, cutsOf(1))
    expect(problem?.path.join('.')).toBe(path)
    expect(problem?.message).toMatch(message)
    expect(others).toEqual([])
  })

  it('allows cached features only without augmentation', () => {
    const problems = checkFearOptions(defaultFearOptions, flipped, cutsOf(1))
    expect(problems.map(({ path }) => path)).toEqual([['stage2', 'cacheFeatures']])
    expect(
      checkFearOptions({ ...defaultFearOptions, ...stage2({ cacheFeatures: false }) }, flipped, cutsOf(1)),
    ).toEqual([])
  })
})

describe('the paper’s presets', () => {
  const datasets: readonly PaperDataset[] = ['cifar10', 'cifar100', 'imagenet16-120', 'synthetic-cifar10']

  it.each(datasets)('for %s fit the network of NATS-Bench, augmented', (dataset) => {
    expect(checkFearOptions(paperRankingOptions(dataset), flipped, cutsOf(5))).toEqual([])
    expect(checkFearOptions(paperSearchOptions(dataset), flipped, cutsOf(5))).toEqual([])
  })

  it('differ between ranking and search as the authors’ do', () => {
    expect(paperRankingOptions('cifar100')).toMatchObject({
      ratio: null,
      stage2: { batch: 512, epochs: 5, scoreEpoch: 'last' },
    })
    expect(paperSearchOptions('cifar100')).toMatchObject({
      ratio: 4,
      stage2: { batch: 1024, epochs: 10, scoreEpoch: 'best' },
    })
    expect(paperSearchOptions('cifar100').threshold).toBe(0.3)
  })
})
