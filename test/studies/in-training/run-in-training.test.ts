import { expect, it } from 'vitest'
import { tinySetup } from '../../../src/conformance/executor/tiny-setup.js'
import type { InTrainingOptions } from '../../../src/evaluators/measures-in-training/settings.js'
import { createInProcessExecutor, type ReadyExecutor } from '../../../src/execution/in-process.js'
import { createPiscinaExecutor } from '../../../src/execution/piscina-pool.js'
import { systemClock } from '../../../src/platform/clock.js'
import type { InTrainingResult, ScoreCurves } from '../../../src/studies/in-training/in-training.js'
import { runInTraining } from '../../../src/studies/in-training/run-in-training.js'
import type { RankingOptions } from '../../../src/studies/rank/ranking.js'
import { runRanking } from '../../../src/studies/rank/run-ranking.js'
import { openTruthStore } from '../../../src/studies/rank/truth-store.js'
import { temporaryFolder } from '../../support/temporary-folder.js'

const setup = await tinySetup()
const options: RankingOptions = {
  seed: 3,
  setup,
  strategy: { name: 'random', duplicates: 'isomorphism' },
  architectures: 6,
  truth: { accuracy: 'test', sharedSeeds: true },
  methods: [],
  bootstrap: 20,
}
const evaluator: InTrainingOptions = {
  name: 'measures-in-training',
  measures: ['snip', 'jacob_cov', 'params'],
  batch: 32,
  epochs: [0, 1, 2],
  training: 'recipe',
  threshold: 0.4,
}
const store = openTruthStore(temporaryFolder('in-training'), setup, {
  version: '1',
  device: 'toy',
})

async function run(executor: ReadyExecutor): Promise<InTrainingResult> {
  try {
    const services = { executor, clock: systemClock }
    const { architectures } = await runRanking(options, services, store)
    return await runInTraining(evaluator, options, architectures, services)
  } finally {
    await executor.close()
  }
}

const figures = ({ curves }: ScoreCurves) =>
  curves.map(({ name, points }) => [
    name,
    points.map(({ subsets, ...rest }) => ({ ...rest, subsets: subsets.map(({ seconds: _, ...figure }) => figure) })),
  ])

it('measures the architectures of a ranking in training, the same from one thread and from two', async () => {
  const one = await run(await createInProcessExecutor(setup))
  expect(one.outcomes.scored).toBe(6)
  expect(one.epochs.architectures).toBe(6)
  const all = (name: string, at: number) =>
    one.epochs.curves
      .find((curve) => curve.name === name)
      ?.points.find((point) => point.at === at)
      ?.subsets.find(({ percent }) => percent === 100)
  // The last epochs of the very networks that are the truth, whose size is the same throughout.
  expect(all('validation-accuracy', 2)?.spearman.value).toBeGreaterThan(0.5)
  expect(all('params', 2)?.spearman).toEqual(all('params', 0)?.spearman)
  expect(all('snip', 2)?.spearman.value).toEqual(expect.any(Number))

  const two = await run(await createPiscinaExecutor(setup, { workers: 2 }))
  expect(figures(two.epochs)).toEqual(figures(one.epochs))
  expect(two.threshold?.architectures).toBe(one.threshold?.architectures)
})
