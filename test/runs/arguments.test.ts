import { describe, expect, it } from 'vitest'
import { ConfigError } from '../../src/platform/errors.js'
import { compare } from '../../src/runs/compare.js'
import { loadNetwork } from '../../src/runs/load-network.js'
import { rank } from '../../src/runs/rank.js'
import { resume } from '../../src/runs/resume.js'
import { search } from '../../src/runs/search.js'
import { simulate } from '../../src/runs/simulate.js'
import { train } from '../../src/runs/train.js'
import { tinyRun } from './tiny-run.js'

type Loose = (...given: readonly unknown[]) => Promise<unknown>

/** As a program without types calls it. */
const loose = (job: unknown): Loose => job as Loose

const jobs = { search, compare, rank, simulate, train }
const { budget, data, space } = tinyRun
const config = { budget, data, space }

async function refusal(call: Promise<unknown>): Promise<string> {
  const error: unknown = await call.catch((reason: unknown) => reason)
  if (!(error instanceof ConfigError)) expect.fail(`not a ConfigError: ${error}`)
  return error.message
}

describe('arguments of the library', () => {
  it.each(Object.keys(jobs) as (keyof typeof jobs)[])(
    '%s refuses what is no configuration and no options',
    async (name) => {
      const job = loose(jobs[name])
      expect(await refusal(job())).toBe('The configuration must be an object of settings, got undefined.')
      expect(await refusal(job(null))).toContain('must be an object of settings, got null.')
      expect(await refusal(job([1, 2]))).toContain('got a list of 2.')
      expect(await refusal(job('quick.yaml'))).toContain('got "quick.yaml". A file is read by loadConfig(file).')
      expect(await refusal(job(config, null))).toBe('The options must be an object, got null.')
      expect(await refusal(job(config, { dir: 'x' }))).toBe('dir is not an option. Did you mean directory?')
      expect(await refusal(job(config, { directory: '' }))).toBe(
        'The option directory must be the path of a folder, got "".',
      )
    },
  )

  it.each([
    [{ directory: 5 }, 'directory must be the path of a folder, got 5.'],
    [{ onEvent: 'x' }, 'onEvent must be a function, got "x".'],
    [{ onProgress: 1n }, 'onProgress must be a function, got 1.'],
    [{ onWarning: null }, 'onWarning must be a function, got null.'],
    [{ signal: {} }, 'signal must be an AbortSignal, got {}.'],
    [{ signal: new AbortController() }, 'signal must be an AbortSignal, got an object (AbortController).'],
    [{ executor: 5 }, 'executor must be an executor (workers, a whole number of at least 1, and functions evaluate,'],
    [{ executor: {} }, 'executor must be an executor'],
    [
      { engine: 'wasm' },
      'engine must be an engine, or a PartValue of one (the configuration names those of this package)',
    ],
    [{ strategy: { name: 'mine', ask: () => null } }, 'strategy must be a function that makes a strategy'],
    [{ evaluator: null }, 'evaluator must be an evaluator, or a PartValue of one'],
    [{ space: 'nats-tss' }, 'space must be a search space, or'],
    [{ dataset: 'mnist' }, 'dataset must be images or a function that loads them, or'],
  ])('refuse an option of another kind %#', async (options, message) => {
    expect(await refusal(loose(search)(config, options))).toContain(`The option ${message}`)
  })

  it('name every problem, and take undefined for absent', async () => {
    expect((await refusal(loose(search)(config, { onEvent: 1, foo: 2 }))).split('\n')).toEqual([
      'The option onEvent must be a function, got 1.',
      expect.stringContaining('foo is not an option. Options: directory, onEvent,'),
    ])
    const wrong = { ...config, budget: { trials: -1 } }
    expect(await refusal(loose(search)(wrong, { directory: undefined }))).toContain('budget.trials must be')
  })

  it('train needs an architecture, and takes no option that it has no use for', async () => {
    expect(await refusal(loose(train)(config))).toBe(
      'architecture, which train is to train, must be text, got undefined.',
    )
    expect(await refusal(loose(train)({ ...config, architecture: 5 }))).toContain('must be text, got 5.')
    expect(await refusal(loose(train)({ ...config, architecture: 'a' }, { strategy: () => {} }))).toContain(
      'strategy is not an option.',
    )
  })

  it('resume needs a directory, and a list to add', async () => {
    expect(await refusal(loose(resume)())).toBe('The directory of the run must be text, got undefined.')
    expect(await refusal(loose(resume)(5))).toContain('must be text, got 5.')
    expect(await refusal(loose(resume)('x', { add: 'trials=2' }))).toBe(
      `The option add must be a list of limits to raise, such as ['trials=20'], got "trials=2".`,
    )
    expect(await refusal(loose(resume)('x', { allowcode: true }))).toBe(
      'allowcode is not an option. Did you mean allowCode?',
    )
  })

  it('loadNetwork needs a file, and an engine that there is', async () => {
    expect(await refusal(loose(loadNetwork)())).toBe('The file of the network must be text, got undefined.')
    expect(await refusal(loose(loadNetwork)('x', { engine: 'pytorch' }))).toBe(
      'The option engine must be auto, tensorflow, native, wasm, tfjs-cpu, a module ' +
        '({ name: \'module\', module, settings }) or an engine of your own, got "pytorch".',
    )
    expect(await refusal(loose(loadNetwork)('x', { foo: 1 }))).toContain('foo is not an option.')
  })
})
