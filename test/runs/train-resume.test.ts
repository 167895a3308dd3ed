import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import type { Engine } from '../../src/engines/engine.js'
import { loadEngine } from '../../src/engines/registry.js'
import type { NetworkWeights } from '../../src/networks/weights.js'
import { ConfigError, RunDirectoryError } from '../../src/platform/errors.js'
import { imagesIn, type NetworkMetrics } from '../../src/results/network-metrics.js'
import { NoNetworkError } from '../../src/runs/finished-runs.js'
import { loadNetwork } from '../../src/runs/load-network.js'
import { train } from '../../src/runs/train.js'
import type { TrainEvent } from '../../src/runs/train-event.js'
import type { TrainInput, TrainOptions } from '../../src/runs/train-options.js'
import { temporaryFolder } from '../support/temporary-folder.js'

const architecture = '|nor_conv_3x3~0|+|none~0|skip_connect~1|+|none~0|none~1|skip_connect~2|'
const config = {
  architecture,
  data: { name: 'fashion-mnist', train: 200, validation: 60, test: 100, size: 8 },
  space: { channels: 4, cells: 1 },
  training: { epochs: 6, batch: 32, augmentation: { flip: true, crop: 1, cutout: 2 } },
  seed: 3,
} as const satisfies TrainInput

const folder = temporaryFolder('train-resume')

/** Trains and stops after each of `stops` epochs, and goes on. @returns the weights, and the events of the last session. */
async function trainInPieces(
  name: string,
  stops: readonly number[],
  input: TrainInput = config,
  options: TrainOptions = {},
): Promise<{ readonly weights: NetworkWeights; readonly events: readonly TrainEvent[]; readonly directory: string }> {
  const directory = path.join(folder, name)
  for (const stop of stops) {
    const controller = new AbortController()
    const onEvent = (event: TrainEvent): void => {
      if (event.kind === 'epoch-finished' && event.epoch >= stop) controller.abort()
    }
    const end = await train(input, { ...options, directory, onEvent, signal: controller.signal }).catch(
      (error) => error,
    )
    // It may have come to its end before it was told.
    if (!(end instanceof NoNetworkError)) break
    expect(existsSync(path.join(directory, 'checkpoint-1.bin'))).toBe(true)
  }
  const events: TrainEvent[] = []
  if (!existsSync(path.join(directory, 'summary.json'))) {
    await train(input, { ...options, directory, onEvent: (event) => events.push(event) })
  }
  const model = await loadNetwork(path.join(directory, 'network.bin'))
  const weights = model.weights()
  model.dispose()
  return { weights, events, directory }
}

async function weightsOf(input: TrainInput, options: TrainOptions = {}): Promise<NetworkWeights> {
  const model = await (await train(input, options)).load()
  const weights = model.weights()
  model.dispose()
  return weights
}

/** Slow enough to be stopped in the middle, quick enough for a test. */
const longer = { ...config, training: { ...config.training, epochs: 60 } } as const satisfies TrainInput

describe('a training in a directory', () => {
  it('goes on after it was stopped, to the same weights bit for bit', async () => {
    const whole = await weightsOf(longer)
    const { directory, events, weights } = await trainInPieces('stopped', [2, 9], longer)
    expect(weights).toEqual(whole)
    const [first] = events
    expect(first).toMatchObject({ kind: 'training-started', done: expect.any(Number) })
    expect(readdirSync(directory).toSorted()).toEqual(
      [
        'config.yaml',
        'metrics.json',
        'mistakes.json',
        'network.bin',
        'report.html',
        'summary.json',
        'training.json',
      ].toSorted(),
    )
    const { curve, epoch } = metricsOf(directory)
    expect(curve.map((one) => one.epoch)).toEqual(Array.from({ length: 60 }, (_, i) => i))
    expect(epoch).toBe(60)
  })

  it('refuses to go on with other settings, and to begin where there are results', async () => {
    const directory = path.join(folder, 'settings')
    const controller = new AbortController()
    const stop = { directory, signal: controller.signal, onEvent: () => controller.abort() }
    await expect(train(longer, stop)).rejects.toThrow(NoNetworkError)
    const changed = { ...longer, training: { ...longer.training, learningRate: 0.05 }, seed: 4 }
    await expect(train(changed, { directory })).rejects.toThrow(
      `${directory} holds a training with another data, training, seed. Continue it: call train again with the same arguments`,
    )
    await expect(train(longer, { directory, patience: 3 })).rejects.toThrow('another patience')
    await trainInPieces('done', [])
    const done = path.join(folder, 'done')
    await expect(train(config, { directory: done })).rejects.toThrow(RunDirectoryError)
  })

  it('refuses a checkpoint that is damaged, and says what to do', async () => {
    const again = path.join(folder, 'damaged-again')
    const controller = new AbortController()
    const onEvent = (event: TrainEvent): void => {
      if (event.kind === 'epoch-finished') controller.abort()
    }
    await expect(train(longer, { directory: again, onEvent, signal: controller.signal })).rejects.toThrow(
      NoNetworkError,
    )
    const file = path.join(again, 'checkpoint-1.bin')
    const bytes = readFileSync(file)
    bytes[bytes.length - 3] = (bytes.at(-3) ?? 0) ^ 1
    writeFileSync(file, bytes)
    await expect(train(longer, { directory: again })).rejects.toThrow(
      'is no complete checkpoint: its contents are not those that were written. Delete it: the training then starts again.',
    )
  })

  it('starts again, and says so, with an engine that does not tell its momentum', async () => {
    const native = await loadEngine('native')
    const forgetful: Engine = {
      name: 'forgetful',
      info: native.info,
      create(spec, weights) {
        const network = native.create(spec, weights)
        return Object.assign(Object.create(network), {
          ...Object.fromEntries(
            [
              'trainStep',
              'evaluate',
              'logits',
              'weights',
              'setWeights',
              'dispose',
              'freezeUpTo',
              'featuresAt',
              'trainTailStep',
              'evaluateTail',
              'gradients',
              'gradientsNear',
              'probe',
              'phases',
              'memoryBytes',
            ].map((name) => [
              name,
              (...args: never[]) =>
                (network as unknown as Record<string, (...given: never[]) => unknown>)[name]?.(...args),
            ]),
          ),
          momentum: undefined,
          setMomentum: undefined,
        })
      },
    }
    const directory = path.join(folder, 'forgetful')
    const whole = await weightsOf(config)
    // Its thread is this one, so that a time limit is what ends it in the middle.
    await expect(
      train(
        { ...longer, trialTimeout: 0.2, training: { ...config.training, epochs: 100_000 } },
        { directory, engine: forgetful },
      ),
    ).rejects.toThrow('timed-out')
    const warnings: string[] = []
    await expect(
      train(
        { ...longer, trialTimeout: 0.2, training: { ...config.training, epochs: 100_000 } },
        { directory, engine: forgetful, onWarning: (text) => warnings.push(text) },
      ),
    ).rejects.toThrow('timed-out')
    expect(warnings).toContainEqual(expect.stringContaining('starts again from its first epoch'))
    expect(await weightsOf(config, { engine: forgetful })).toEqual(whole)
  })
})

describe('the choices of a training', () => {
  it('patience ends it early and keeps the best epoch', async () => {
    const { directory, weights } = await trainInPieces('patience', [], longer, { patience: 4 })
    const { curve, epoch, validationAccuracy } = metricsOf(directory)
    const accuracies = curve.map((one) => one.validationAccuracy ?? 0)
    expect(curve.length).toBeLessThan(60)
    expect(curve.length).toBe(epoch + 4)
    expect(validationAccuracy).toBe(Math.max(...accuracies))
    expect(accuracies.indexOf(validationAccuracy ?? 0)).toBe(epoch - 1)
    const model = await loadNetwork(path.join(directory, 'network.bin'))
    expect(model.validationAccuracy).toBe(validationAccuracy)
    expect(model.weights()).toEqual(weights)
    model.dispose()
    const pieces = await trainInPieces('patience-pieces', [2, 6], longer, { patience: 4 })
    expect(pieces.weights).toEqual(weights)
  })

  it('all data: trains on the validation images, too, and has no validation accuracy', async () => {
    const { directory } = await trainInPieces('all', [], config, { allData: true })
    const metrics = metricsOf(directory)
    expect(metrics.validationAccuracy).toBeNull()
    expect(metrics.curve.every(({ validationAccuracy }) => validationAccuracy === null)).toBe(true)
    const model = await loadNetwork(path.join(directory, 'network.bin'))
    expect(model.validationAccuracy).toBeNull()
    model.dispose()
    await expect(train(config, { allData: true, patience: 2 })).rejects.toThrow(ConfigError)
    await expect(train(config, { allData: true, seeds: 2 })).rejects.toThrow('Leave one out')
  })

  it('seeds: trains networks that differ, keeps the best, and the first is that of one seed', async () => {
    const one = await train(config)
    const { directory } = await trainInPieces('seeds', [], config, { seeds: 3 })
    const { repetitions, testAccuracy, validationAccuracy } = metricsOf(directory)
    expect(repetitions).toHaveLength(3)
    expect(repetitions[0]).toEqual({ testAccuracy: one.testAccuracy, validationAccuracy: one.validationAccuracy })
    expect(new Set(repetitions.map(({ testAccuracy: each }) => each)).size).toBeGreaterThan(1)
    const best = Math.max(...repetitions.map((each) => each.validationAccuracy ?? 0))
    expect(validationAccuracy).toBe(best)
    expect(repetitions.find((each) => each.validationAccuracy === best)?.testAccuracy).toBe(testAccuracy)
  })

  it('from: begins with the weights of a network, and refuses one of another shape', async () => {
    const { directory } = await trainInPieces('start', [])
    const from = path.join(directory, 'network.bin')
    const still = { ...config, training: { epochs: 1, batch: 32, learningRate: 1e-30 } }
    const { parameters } = await weightsOf(still, { from })
    const model = await loadNetwork(from)
    expect(parameters).toEqual(model.weights().parameters)
    model.dispose()
    await expect(train({ ...config, space: { channels: 6, cells: 1 } }, { from })).rejects.toThrow('other channels')
    await expect(
      train({ ...config, architecture: architecture.replace('skip_connect~1', 'none~1') }, { from }),
    ).rejects.toThrow('it has the architecture')
    await expect(train(config, { from: path.join(folder, 'absent.bin') })).rejects.toThrow('does not exist')
  })
})

describe('metrics.json', () => {
  it('counts every test image, and agrees with the network', async () => {
    const { directory } = await trainInPieces('metrics', [])
    const metrics = metricsOf(directory)
    const images = metrics.confusion.reduce((sum, row) => sum + imagesIn(row), 0)
    const right = metrics.confusion.reduce((sum, row, label) => sum + (row[label] ?? 0), 0)
    expect(images).toBe(100)
    const report = readFileSync(path.join(directory, 'report.html'), 'utf8')
    expect(report.split('data:image/png;base64,').length - 1).toBe(Math.min(36, images - right))
    for (const part of ['Learning curve', 'Confusion matrix and accuracy by class', ...metrics.classNames]) {
      expect(report).toContain(part)
    }
    expect(right / images).toBe(metrics.testAccuracy)
    metrics.confusion.forEach((row, label) => {
      const count = imagesIn(row)
      expect(metrics.accuracyByClass[label]).toBe(count === 0 ? null : (row[label] ?? 0) / count)
    })
    expect(metrics.latency.map(({ batch }) => batch)).toEqual([1, 64])
    for (const { batch, imagesPerSecond, milliseconds } of metrics.latency) {
      expect(imagesPerSecond).toBeCloseTo((1000 * batch) / milliseconds, 3)
    }
    expect(metrics.curve.at(-1)?.validationAccuracy).toBe(metrics.validationAccuracy)
  })
})

function metricsOf(directory: string): NetworkMetrics {
  return JSON.parse(readFileSync(path.join(directory, 'metrics.json'), 'utf8'))
}
