import { existsSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { NoNetworkError } from '../../src/runs/finished-runs.js'
import { train } from '../../src/runs/train.js'
import type { TrainEvent } from '../../src/runs/train-event.js'
import type { TrainInput, TrainOptions } from '../../src/runs/train-options.js'
import { temporaryFolder } from '../support/temporary-folder.js'

const architecture = '|nor_conv_3x3~0|+|none~0|skip_connect~1|+|none~0|none~1|skip_connect~2|'
const config = {
  architecture,
  data: { name: 'fashion-mnist', train: 200, validation: 60, test: 100, size: 8 },
  space: { channels: 4, cells: 1 },
  training: { epochs: 3, batch: 32 },
  seed: 3,
} as const satisfies TrainInput

/** Would train for a day. */
const endless = { ...config, training: { ...config.training, epochs: 1_000_000 } } as const satisfies TrainInput

const folder = temporaryFolder('train')

async function errorOf(input: TrainInput, options: TrainOptions): Promise<unknown> {
  return train(input, options).then(
    () => expect.fail('it ended'),
    (reason: unknown) => reason,
  )
}

describe('train', () => {
  it.each(['none', 'thread', 'process'] as const)('tells each epoch, with isolation %s', async (isolation) => {
    const events: TrainEvent[] = []
    const trained = await train({ ...config, isolation }, { onEvent: (event) => events.push(event) })
    expect(events.map(({ kind }) => kind)).toEqual([
      'training-started',
      'epoch-finished',
      'epoch-finished',
      'epoch-finished',
      'training-finished',
    ])
    expect(events.slice(0, -1)).toEqual([
      { kind: 'training-started', architecture, epochs: 3 },
      ...[1, 2, 3].map((epoch) => ({ kind: 'epoch-finished', architecture, epoch, epochs: 3 })),
    ])
    const last = events.at(-1)
    if (last?.kind !== 'training-finished' || last.outcome.kind !== 'scored') expect.fail('it is scored')
    expect(last.outcome.validationAccuracy).toBe(trained.validationAccuracy)
    expect(last.outcome.cost.epochs).toBe(3)
  })

  it.each(['thread', 'process'] as const)(
    'tells while it trains, and ends where it is stopped, with isolation %s',
    async (isolation) => {
      const directory = path.join(folder, isolation)
      const controller = new AbortController()
      const events: TrainEvent[] = []
      const onEvent = (event: TrainEvent): void => {
        events.push(event)
        if (event.kind === 'epoch-finished' && event.epoch === 2) controller.abort()
      }
      const error = await errorOf({ ...endless, isolation }, { directory, onEvent, signal: controller.signal })
      if (!(error instanceof NoNetworkError)) expect.fail(`${error}`)
      expect(error.message).toBe(
        `The training of ${architecture} was stopped before its end. Continue it: call train again with the same arguments`,
      )
      expect(error).toMatchObject({ summary: null, directory, exitCode: 1 })
      expect(events.slice(0, 3).map(({ kind }) => kind)).toEqual([
        'training-started',
        'epoch-finished',
        'epoch-finished',
      ])
      expect(events.at(-1)).toMatchObject({ kind: 'training-finished', outcome: { kind: 'aborted' } })
      expect(existsSync(path.join(directory, 'summary.json'))).toBe(false)
    },
  )

  it('does not begin where it is stopped before', async () => {
    const events: TrainEvent[] = []
    const options: TrainOptions = { onEvent: (event) => events.push(event), signal: AbortSignal.abort() }
    expect(await errorOf(endless, options)).toBeInstanceOf(NoNetworkError)
    expect(events).toEqual([])
  })

  it('gives the same network whether it is followed or not', async () => {
    const trained = await train(config)
    const followed = await train(config, { onEvent: () => {}, signal: new AbortController().signal })
    expect(followed.testAccuracy).toBe(trained.testAccuracy)
    const [one, other] = [await trained.load(), await followed.load()]
    expect(other.weights()).toEqual(one.weights())
    for (const model of [one, other]) model.dispose()
  })
})
