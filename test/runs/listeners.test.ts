import { existsSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { loadFashionMnist } from '../../src/datasets/fashion-mnist.js'
import { readJournal } from '../../src/journal/read-journal.js'
import { journalPath } from '../../src/journal/run-directory.js'
import { compare } from '../../src/runs/compare.js'
import { Listeners } from '../../src/runs/listeners.js'
import { rank } from '../../src/runs/rank.js'
import { resume } from '../../src/runs/resume.js'
import type { RunInput, RunOptions } from '../../src/runs/run-options.js'
import { search } from '../../src/runs/search.js'
import { train } from '../../src/runs/train.js'
import { temporaryFolder } from '../support/temporary-folder.js'

const config = {
  data: { name: 'fashion-mnist', train: 200, validation: 60, test: 100, size: 8 },
  space: { channels: 4, cells: 1 },
  training: { epochs: 2, batch: 32 },
  evaluator: { name: 'short-training', epochs: 1, batch: 32 },
  budget: { trials: 4 },
  finalists: 1,
  workers: 1,
  isolation: 'none',
  seed: 3,
} as const satisfies RunInput

const { budget: _, evaluator: __, finalists: ___, workers: ____, ...training } = config
const architecture = '|nor_conv_3x3~0|+|none~0|skip_connect~1|+|none~0|none~1|skip_connect~2|'

const folder = temporaryFolder('listeners')
const mine = new Error('mine')

/** Fails at one kind of event, each in its way. */
const failures = {
  'that throws': () => {
    throw mine
  },
  'whose promise is rejected': () => Promise.reject(mine),
  'that throws later': async () => {
    await new Promise((resolve) => setImmediate(resolve))
    throw mine
  },
  'that returns a thenable of its own': () => ({
    // biome-ignore lint/suspicious/noThenProperty: as a promise of another library is.
    then(_: unknown, reject: (error: unknown) => void) {
      reject(mine)
    },
  }),
} as const satisfies Readonly<Record<string, () => unknown>>

/** Fails at the first event of a kind. */
const failingAt = (wanted: string, fail: () => unknown = () => Promise.reject(mine)) => ({
  onEvent: ({ kind }: { readonly kind: string }) => (kind === wanted ? fail() : undefined),
})

describe('the error of a listener', () => {
  it.each(['that throws', 'that throws later'] as const)(
    '%s ends a search when its trials are recorded, and the search goes on with resume',
    async (name) => {
      const directory = path.join(folder, name)
      await expect(search(config, { directory, ...failingAt('trial-finished', failures[name]) })).rejects.toBe(mine)
      const { events } = await readJournal(journalPath(directory))
      const finished = events.filter(({ event }) => event === 'trial.finished')
      expect(finished.length).toBeGreaterThanOrEqual(1)
      expect(finished).toHaveLength(events.filter(({ event }) => event === 'trial.started').length)
      expect(events.at(-1)).toMatchObject({ event: 'run.finished', stopped: true })
      await expect(resume(directory, failingAt('arm-started'))).rejects.toBe(mine)
      const resumed = await resume(directory)
      expect(resumed).toMatchObject({ kind: 'search', summary: { stopped: false } })
    },
  )

  it('ends a comparison, a ranking and a training', async () => {
    await expect(compare({ ...config, resampling: { searches: 0 } }, failingAt('trial-finished'))).rejects.toBe(mine)
    const ranking: RunInput = { ...config, rank: { evaluators: [{ name: 'short-training', epochs: 1, batch: 32 }] } }
    await expect(rank(ranking, failingAt('trial-finished'))).rejects.toBe(mine)
    await expect(train({ ...training, architecture }, failingAt('epoch-finished'))).rejects.toBe(mine)
  })

  it.each(['onProgress', 'onWarning'] as const)('of %s ends a run before anything is written', async (hook) => {
    const directory = path.join(folder, 'never')
    const { name: _, ...data } = config.data
    const images = await loadFashionMnist(undefined, {})
    const loading: RunOptions = {
      directory,
      [hook]: () => Promise.reject(mine),
      dataset: async (_, hooks) => {
        hooks.onProgress?.(0.5, 'half')
        hooks.onWarning?.('an odd image')
        return images
      },
    }
    await expect(search({ ...config, data }, loading)).rejects.toBe(mine)
    expect(existsSync(directory)).toBe(false)
  })

  it('is waited for at the end, also where the run has its result', async () => {
    const directory = path.join(folder, 'late')
    let release: () => void = () => {}
    const gate = new Promise<void>((resolve) => {
      release = resolve
    })
    const onEvent = async ({ kind }: { readonly kind: string }): Promise<void> => {
      if (kind !== 'arm-finished') return
      await gate
      throw mine
    }
    const run = search(config, { directory, onEvent })
    while (!existsSync(path.join(directory, 'report.html'))) await new Promise((resolve) => setImmediate(resolve))
    release()
    await expect(run).rejects.toBe(mine)
    const { events } = await readJournal(journalPath(directory))
    expect(events.at(-1)).toMatchObject({ event: 'run.finished', stopped: false })
  })

  it.each(Object.entries(failures))('%s stops what runs, and is kept', async (_, fail) => {
    const listeners = new Listeners<string>({ onEvent: fail })
    listeners.hooks.onEvent?.('x')
    await expect(listeners.settle()).rejects.toBe(mine)
    expect(listeners.hooks.signal.aborted).toBe(true)
  })

  it('is the first one where there are several', async () => {
    const controller = new AbortController()
    const listeners = new Listeners<string>({
      onEvent: (event) => Promise.reject(event),
      onWarning: (message) => {
        throw message
      },
      signal: controller.signal,
    })
    const { onEvent, onProgress, onWarning, signal } = listeners.hooks
    expect(onProgress).toBeUndefined()
    listeners.check()
    onWarning?.('first')
    onEvent?.('second')
    expect(signal.aborted).toBe(true)
    expect(controller.signal.aborted).toBe(false)
    expect(() => listeners.check()).toThrow('first')
    await expect(listeners.settle()).rejects.toBe('first')
  })

  it('is none where there is none, and the signal of the caller is followed', async () => {
    const controller = new AbortController()
    const listeners = new Listeners({ onEvent: () => 5, signal: controller.signal })
    listeners.hooks.onEvent?.({ kind: 'finalist-started', arm: 'a', trial: 0, architecture: 'b' })
    await listeners.settle()
    expect(listeners.hooks.signal.aborted).toBe(false)
    controller.abort()
    expect(listeners.hooks.signal.aborted).toBe(true)
    listeners.check()
  })
})
