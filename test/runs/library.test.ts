import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { loadDataset } from '../../src/datasets/load-dataset.js'
import { createInProcessExecutor } from '../../src/execution/in-process.js'
import { readJournal } from '../../src/journal/read-journal.js'
import { ConfigError, NetworkFileError, RunDirectoryError } from '../../src/platform/errors.js'
import { compare } from '../../src/runs/compare.js'
import { NoNetworkError } from '../../src/runs/finished-runs.js'
import { loadNetwork } from '../../src/runs/load-network.js'
import { resume } from '../../src/runs/resume.js'
import type { RunInput } from '../../src/runs/run-options.js'
import { search } from '../../src/runs/search.js'
import { train } from '../../src/runs/train.js'
import type { SearchEvent } from '../../src/studies/index.js'
import { firstFormatFile } from '../models/toy-network.js'
import { temporaryFolder } from '../support/temporary-folder.js'
import { shortTraining, tinyRun } from './tiny-run.js'

const config = {
  ...tinyRun,
  evaluator: shortTraining,
  budget: { trials: 4 },
  finalists: 2,
  workers: 1,
  isolation: 'none',
} as const satisfies RunInput

const folder = temporaryFolder('library')
const file = (name: string): string => path.join(folder, name)
const testImages = async () => (await loadDataset({ ...config.data, seed: config.seed })).test

describe('a search by a program', () => {
  it('finds the same network in memory and in a directory, and loads it', async () => {
    const events: SearchEvent['kind'][] = []
    const inMemory = await search(config, { onEvent: ({ kind }) => events.push(kind) })
    expect(inMemory).toMatchObject({ kind: 'search', directory: null })
    expect(inMemory.trials.map(({ index }) => index)).toEqual([0, 1, 2, 3])
    expect(events[0]).toBe('arm-started')
    expect(events.at(-1)).toBe('arm-finished')

    const directory = file('run')
    const onDisk = await search(config, { directory })
    expect(onDisk.directory).toBe(directory)
    expect(onDisk.best).toEqual(inMemory.best)
    const { latency = [] } = onDisk.summary.arms['short-training'] ?? {}
    expect(latency.map(({ batch }) => batch)).toEqual([1, 64])
    for (const { milliseconds } of latency) expect(milliseconds).toBeGreaterThan(0)
    expect(readdirSync(directory).toSorted()).toEqual(
      ['best-short-training.bin', 'config.yaml', 'journal.jsonl', 'report.html', 'summary.json'].toSorted(),
    )
    expect(JSON.parse(readFileSync(path.join(directory, 'summary.json'), 'utf8'))).toEqual(
      JSON.parse(JSON.stringify(onDisk.summary)),
    )

    const { labels, pixels } = await testImages()
    for (const model of [
      await inMemory.loadBest(),
      await onDisk.loadBest(),
      await loadNetwork(path.join(directory, 'best-short-training.bin')),
    ]) {
      expect(model.evaluate({ labels, pixels })).toBe(inMemory.best.testAccuracy)
      expect(model.architecture).toBe(inMemory.best.architecture)
      expect(model.classNames[0]).toBe('T-shirt/top')
      model.dispose()
    }
    await expect(search(config, { directory })).rejects.toThrow(RunDirectoryError)
  })

  it('is one of trial 0 of a full training where a program trains that architecture', async () => {
    const run = await search({ ...config, evaluator: { name: 'full-training' }, budget: { trials: 1 } })
    const { architecture } = run.best
    const { budget: _, evaluator: __, finalists: ___, workers: ____, ...settings } = config
    const directory = file('trained')
    const trained = await train({ ...settings, architecture }, { directory })
    expect(trained).toMatchObject({
      validationAccuracy: run.best.validationAccuracy,
      testAccuracy: run.best.testAccuracy,
      directory,
    })
    const model = await loadNetwork(path.join(directory, 'network.bin'))
    expect(model.evaluate(await testImages())).toBe(trained.testAccuracy)
    const again = await trained.load()
    expect(again.weights()).toEqual(model.weights())
    for (const one of [model, again]) one.dispose()
    await expect(train({ ...settings, architecture }, { directory })).rejects.toThrow('already holds results')
    await expect(train({ ...settings, architecture: 'nonsense' })).rejects.toMatchObject({ exitCode: 2 })
  })

  it('stops when it is asked to, and goes on', async () => {
    const directory = file('stopped')
    const controller = new AbortController()
    const onEvent = ({ kind }: SearchEvent): void => {
      if (kind === 'trial-finished') controller.abort()
    }
    const stopped = await search(config, { directory, signal: controller.signal, onEvent }).catch(String)
    expect(stopped).toContain('was stopped before a network was trained in full. Continue with resume(')
    const resumed = await resume(directory, { add: ['trials=1'] })
    const whole = await search({ ...config, budget: { trials: 5 } })
    if (resumed.kind !== 'search') expect.fail('it is a search')
    expect(resumed.best).toEqual(whole.best)
    expect(resumed.trials.map(({ architecture }) => architecture)).toEqual(
      whole.trials.map(({ architecture }) => architecture),
    )
  })

  it('says why it found nothing', async () => {
    const hopeless = { ...config, trialTimeout: 1e-6 }
    const error: unknown = await search(hopeless).catch((reason: unknown) => reason)
    if (!(error instanceof NoNetworkError)) expect.fail(`${error}`)
    expect(error.message).toContain('none of its 4 trials got a score (4 timed-out). Raise trialTimeout')
    expect(error.summary?.arms['short-training']?.outcomes['timed-out']).toBe(4)
  })

  it.each([
    [{ ...config, trails: 3 }, 'trails is not a setting. Did you mean'],
    [{ ...config, data: { ...config.data, name: 'mnist' } }, 'data.name mnist needs data.path'],
    [{ ...config, budget: {} }, 'budget needs at least one of trials'],
    [{ ...config, evaluator: { name: 'full-training' }, budget: { trials: -1 } }, 'budget.trials must be'],
  ])('refuses a wrong configuration before any work %#', async (wrong, message) => {
    const directory = file('never')
    const error: unknown = await search(wrong as RunInput, { directory }).catch((reason: unknown) => reason)
    expect(error).toBeInstanceOf(ConfigError)
    expect(String(error)).toContain(message)
    expect(existsSync(directory)).toBe(false)
  })

  it('runs its trials where the program says', async () => {
    let tasks = 0
    const run = await search(config, {
      async executor(setup) {
        const inner = await createInProcessExecutor(setup)
        return {
          workers: inner.workers,
          evaluate(task) {
            tasks++
            return inner.evaluate(task)
          },
          test: (task) => inner.test(task),
          openChannel: (numbers, count) => inner.openChannel(numbers, count),
          close: () => inner.close(),
        }
      },
    })
    expect(tasks).toBe(4 + 2)
    expect(run.best).toEqual((await search(config)).best)
  })
})

describe('a comparison by a program', () => {
  it('gives the trials and the network of every arm', async () => {
    const run = await compare({
      ...config,
      evaluator: { name: 'fear', threshold: 0.3, maxEpochs: 2, stage1: { batch: 32 }, stage2: { epochs: 1 } },
      resampling: { searches: 0 },
    })
    expect(Object.keys(run.trials)).toEqual(['fear', 'full'])
    expect(run.trials.full).toHaveLength(4)
    expect(run.summary.comparisons.fear?.against).toBe('full')
    const model = await run.loadBest('full')
    expect(model.evaluate(await testImages())).toBe(run.summary.arms.full?.best?.testAccuracy)
    model.dispose()
    await expect(run.loadBest('nobody')).rejects.toThrow('There is no arm "nobody". Arms of this run: fear, full.')
    await expect((run.loadBest as () => Promise<unknown>)()).rejects.toThrow('needs the name of an arm. Arms of')
  })
})

describe('a network file of the first format', () => {
  it('takes what it lacks from its run directory, or from the program', async () => {
    const directory = file('old')
    const run = await search(config, { directory })
    const best = await run.loadBest()
    const bin = path.join(directory, 'best-short-training.bin')
    const old = firstFormatFile(best.weights(), run.best)
    writeFileSync(bin, old)
    const model = await loadNetwork(bin)
    expect(model.classNames).toEqual(best.classNames)
    expect(model.evaluate(await testImages())).toBe(run.best.testAccuracy)

    const alone = file('alone.bin')
    writeFileSync(alone, old)
    await expect(loadNetwork(alone)).rejects.toThrow(NetworkFileError)
    const { classNames, normalisation, space } = best
    const told = await loadNetwork(alone, { engine: 'wasm', surroundings: { classNames, normalisation, space } })
    expect(told.engine).toBe('wasm')
    for (const one of [best, model, told]) one.dispose()
    await expect(loadNetwork(file('absent.bin'))).rejects.toThrow('does not exist')
    rmSync(bin)
    await expect(run.loadBest()).rejects.toThrow(`${bin} is missing. Restore it`)
  })
})

it('a run in memory journals what one in a directory does', async () => {
  const { events } = await readJournal(path.join(file('run'), 'journal.jsonl'))
  expect(events.map(({ event }) => event)).toEqual([
    'run.started',
    ...Array.from({ length: 4 }, () => ['trial.started', 'trial.finished']).flat(),
    'finalist.finished',
    'finalist.finished',
    'latency.reported',
    'arm.finished',
    'run.finished',
  ])
})
