import { readFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { loadFashionMnist } from '../../src/datasets/fashion-mnist.js'
import type { Engine } from '../../src/engines/engine.js'
import { loadEngine } from '../../src/engines/registry.js'
import type { EvaluationContext, Evaluator } from '../../src/evaluators/evaluator.js'
import { fullTraining } from '../../src/evaluators/full-training/full-training-evaluator.js'
import { scoreTraining } from '../../src/evaluators/score-training.js'
import { trainWhole } from '../../src/evaluators/train-whole.js'
import { interruptedOutcome, runTrial } from '../../src/evaluators/trial-run.js'
import { PartValue } from '../../src/platform/parts/part-value.js'
import { resume } from '../../src/runs/resume.js'
import type { RunInput } from '../../src/runs/run-options.js'
import { search } from '../../src/runs/search.js'
import { natsTss } from '../../src/spaces/nats-tss/index.js'
import { shuffledOrder } from '../../src/strategies/architecture-order.js'
import type { StrategyFactory } from '../../src/strategies/strategy.js'
import type { SearchEvent } from '../../src/studies/index.js'
import { temporaryFolder } from '../support/temporary-folder.js'
import { tinyRun as config, shortTraining } from './tiny-run.js'

const inOrder: StrategyFactory = ({ duplicates }, space, rng) => {
  const order = shuffledOrder(space, duplicates, rng.fork('order'))
  return { name: 'in-order', looksAtResults: false, ask: (history) => order.firstNew(history) }
}

const glance: Evaluator = {
  name: 'glance',
  evaluate: (request, context) =>
    runTrial(request, context, 'train', (trial) => {
      const trained = trainWhole(trial, { ...context.recipe, epochs: 1 })
      if (trained.kind !== 'finished') return { outcome: interruptedOutcome(trained, trial) }
      return { outcome: scoreTraining(trial, trained, { score: 'validation', scoreEpoch: 'last', batch: 64 }) }
    }),
}

const withEpochs = (context: EvaluationContext, epochs: number): EvaluationContext => ({
  ...context,
  recipe: { ...context.recipe, epochs },
})

const folder = temporaryFolder('own-values')
const parts = { strategy: inOrder, evaluator: glance, space: natsTss }

describe('parts as values', () => {
  it('do what named parts do, and a run with them goes on where they are passed again', async () => {
    const evaluator = { ...shortTraining, score: 'validation' } as const
    const named = await search({ ...config, evaluator, workers: 1 }, { strategy: inOrder })
    const directory = path.join(folder, 'run')
    const { kind, ...run } = await search(config, { ...parts, directory })
    const scores = ({ trials }: Pick<typeof named, 'trials'>) =>
      trials.map(({ outcome }) => (outcome.kind === 'scored' ? outcome.score : null))
    expect(kind).toBe('search')
    expect(run.summary.workers).toBe(1)
    expect(scores(run)).toHaveLength(3)
    expect(scores(run)).toEqual(scores(named))
    expect(run.best).toEqual(named.best)

    const recorded = JSON.parse(readFileSync(path.join(directory, 'summary.json'), 'utf8')).config
    expect(recorded.strategy).toMatchObject({ name: 'value', value: 'inOrder' })
    expect(recorded.evaluator).toEqual({ name: 'value', value: 'glance' })
    expect(recorded.space).toEqual({ name: 'value', value: 'nats-tss', channels: 4, cells: 1 })

    await expect(resume(directory, { add: ['trials=1'] })).rejects.toThrow('was passed as a value')
    await expect(resume(directory, { ...parts, evaluator: { ...glance, name: 'other' } })).rejects.toThrow(
      'The option evaluator passes "other", but the run was recorded with "glance". Pass that one',
    )
    const dataset = await loadFashionMnist(undefined, {})
    await expect(resume(directory, { ...parts, dataset })).rejects.toThrow(
      'The option dataset passes "dataset", but the run was recorded without a data set of a program. Leave it out.',
    )
    const more = await resume(directory, { ...parts, add: ['trials=1'] })
    if (more.kind !== 'search') expect.fail('it is a search')
    expect(scores(more).slice(0, 3)).toEqual(scores(run))
    expect(more.trials).toHaveLength(4)
    const model = await more.loadBest()
    expect(model.architecture).toBe(more.best.architecture)
    model.dispose()
  })

  it('can be the images and the engine, too', async () => {
    const { name: _, ...data } = config.data
    const wasm = await loadEngine('wasm')
    const mine: Engine = { name: 'mine', info: wasm.info, create: (spec, weights) => wasm.create(spec, weights) }
    const own = await search({ ...config, data, evaluator: { name: 'short-training', epochs: 1 } } as RunInput, {
      dataset: await loadFashionMnist(undefined, {}),
      engine: mine,
    })
    expect(own.summary).toMatchObject({ dataset: { train: 200, test: 100 }, engine: { name: 'mine' }, workers: 1 })
    const model = await own.loadBest()
    expect(model.engine).toBe('mine')
    model.dispose()
  })

  it('may train in full: the network is theirs, also where resume has to train it again', async () => {
    const evaluator: Evaluator = {
      name: 'mine',
      traits: { trainsInFull: true, scoreIsAccuracy: true },
      evaluate: (request, context) => fullTraining.evaluate(request, withEpochs(context, 1)),
    }
    const whole = await search(config, { evaluator })
    const controller = new AbortController()
    let finished = 0
    const onEvent = ({ kind }: SearchEvent): void => {
      if (kind === 'trial-finished' && ++finished === config.budget.trials) controller.abort()
    }
    const directory = path.join(folder, 'full')
    await search(config, { evaluator, directory, onEvent, signal: controller.signal }).catch(String)
    const resumed = await resume(directory, { evaluator })
    if (resumed.kind !== 'search') expect.fail('it is a search')
    expect(resumed.best).toEqual(whole.best)
    const [first, second] = [await whole.loadBest(), await resumed.loadBest()]
    expect(second.weights()).toEqual(first.weights())
    for (const model of [first, second]) model.dispose()

    const forgetful: Evaluator = {
      ...evaluator,
      evaluate: (...given) => ({ outcome: evaluator.evaluate(...given).outcome }),
    }
    const error: unknown = await search(config, { evaluator: forgetful }).catch((reason: unknown) => reason)
    expect(String(error)).toContain('The evaluator mine returned no valid evaluation: weights must be there')
  })

  it('have the name they are given', async () => {
    const { summary } = await search(config, { strategy: new PartValue('mine', inOrder), evaluator: glance })
    expect(JSON.parse(JSON.stringify(summary.config.strategy))).toMatchObject({ name: 'value', value: 'mine' })
  })

  it('end a search that gets nothing usable of them, and say so', async () => {
    const proposing = (ask: () => unknown): StrategyFactory => (() => ({ name: 'mine', ask })) as StrategyFactory
    await expect(search(config, { strategy: proposing(() => null) })).rejects.toThrow(
      'its strategy proposed no architecture',
    )
    await expect(search(config, { strategy: proposing(() => 'nonsense') })).rejects.toThrow(
      'The strategy mine made an invalid proposal for trial 0',
    )
    const scoreless = { name: 'scoreless', evaluate: async () => ({ outcome: {} }) } as unknown as Evaluator
    await expect(search(config, { evaluator: scoreless })).rejects.toThrow(
      'The evaluator scoreless returned no valid evaluation: it is a promise',
    )
  })

  it.each([
    [{ ...config, workers: 2 }, 'workers must be 1, got 2: the evaluator was passed as a value'],
    [{ ...config, isolation: 'process' }, 'isolation must be auto or none, got process: the evaluator was passed'],
    [{ ...config, evaluator: { name: 'fear' } }, 'evaluator names fear, and the option evaluator passes "glance"'],
  ] as const)('cannot be sent to workers, nor stand beside a name %#', async (wrong, message) => {
    await expect(search(wrong as RunInput, { evaluator: glance })).rejects.toThrow(message)
  })
})
