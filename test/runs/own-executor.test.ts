import { createHash } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import type { EvaluationTask, Executor } from '../../src/execution/executor.js'
import { createInProcessExecutor } from '../../src/execution/in-process.js'
import { ConfigError, FearNasError } from '../../src/platform/errors.js'
import { NoNetworkError } from '../../src/runs/finished-runs.js'
import type { RunInput } from '../../src/runs/run-options.js'
import type { RunExecutor } from '../../src/runs/run-request.js'
import { search } from '../../src/runs/search.js'
import { temporaryFolder } from '../support/temporary-folder.js'
import { shortTraining, tinyRun } from './tiny-run.js'

const config = {
  ...tinyRun,
  training: { ...tinyRun.training, epochs: 1 },
  evaluator: shortTraining,
  budget: { trials: 2 },
} as const satisfies RunInput

const folder = temporaryFolder('own-executor')

/** The executor of this package, with functions in place of its own. */
function executorWith(replace: (inner: Executor) => Partial<Executor>): RunExecutor {
  return async (setup) => {
    const inner = await createInProcessExecutor(setup)
    return { ...inner, ...replace(inner) }
  }
}

async function errorOf(executor: unknown): Promise<unknown> {
  return search(config, { executor: executor as RunExecutor }).catch((reason: unknown) => reason)
}

const faults: readonly (readonly [string, (task: EvaluationTask) => unknown, string])[] = [
  [
    'throws',
    () => {
      throw new Error('no network')
    },
    "The executor's evaluate threw: no network",
  ],
  ['rejects', () => Promise.reject(new Error('no network')), "The executor's evaluate threw: no network"],
  ['resolves to nothing', async () => undefined, 'The executor returned no valid evaluation: it must be an object'],
  ['resolves to no outcome', async () => ({ outcome: { kind: 'banana' } }), 'outcome.kind must be one of scored'],
]

describe('an executor of a program', () => {
  it.each(faults)('that %s once loses nothing but an attempt', async (_, fault, message) => {
    let tasks = 0
    const executor = executorWith((inner) => ({
      evaluate: (task) => (tasks++ === 0 ? (fault(task) as ReturnType<Executor['evaluate']>) : inner.evaluate(task)),
    }))
    const run = await search(config, { executor })
    expect(run.best).toEqual((await search({ ...config, workers: 1, isolation: 'none' })).best)
    expect(run.trials[0]?.outcome.lost?.[0]?.message).toContain(message)
    expect(run.trials[1]?.outcome.lost).toBeUndefined()
  })

  it('is told the hashes of the modules that workers load', async () => {
    const [module, strategy] = ['evaluator.cjs', 'strategy.cjs'].map((name) => path.join(folder, name)) as [
      string,
      string,
    ]
    writeFileSync(module, 'exports.default = () => ({ name: "mine", evaluate() { throw new Error("not asked") } })\n')
    writeFileSync(strategy, 'exports.default = () => ({ name: "mine", ask: () => null })\n')
    const told: unknown[] = []
    const parts = { evaluator: { name: 'module', module }, strategy: { name: 'module', module: strategy } } as const
    const run = search(
      { ...config, ...parts },
      {
        executor(setup) {
          told.push(setup.modules)
          throw new Error('enough')
        },
      },
    )
    await expect(run).rejects.toThrow('enough')
    expect(told).toEqual([{ [module]: createHash('sha256').update(readFileSync(module)).digest('hex') }])
  })

  it('that always throws makes failed trials', async () => {
    const error = await errorOf(executorWith(() => ({ evaluate: () => Promise.reject(new Error('no network')) })))
    if (!(error instanceof NoNetworkError)) expect.fail(`${error}`)
    expect(error.summary?.arms['short-training']?.outcomes.failed).toBe(2)
  })

  it('measures test images again where that fails once', async () => {
    let tests = 0
    const run = await search(config, {
      executor: executorWith((inner) => ({
        test(task) {
          if (tests++ === 0) throw new Error('no network')
          return inner.test(task)
        },
      })),
    })
    expect(run.best.testAccuracy).toBeGreaterThan(0)
    expect(tests).toBe(2)
  })

  it.each([
    [executorWith(() => ({ test: async () => Number.NaN })), 'gave NaN as a test accuracy'],
    [executorWith(() => ({ close: () => Promise.reject(new Error('cl')) })), "The executor's close threw: cl"],
    [
      executorWith(() => ({
        openChannel() {
          throw new Error('oc')
        },
      })),
      "The executor's openChannel threw: oc",
    ],
    [
      () => {
        throw new Error('exf')
      },
      'The option executor threw while it made an executor: exf',
    ],
  ])('ends the run with an error that names what failed %#', async (executor, message) => {
    const limited = { ...config, budget: { epochs: 2, atLimit: 'abort' } } as const
    const error: unknown = await search(limited, { executor: executor as RunExecutor }).catch(
      (reason: unknown) => reason,
    )
    expect(error).toBeInstanceOf(FearNasError)
    expect(String(error)).toContain(message)
  })

  it.each<readonly [unknown, string]>([
    [() => undefined, 'The option executor made no executor: got undefined.'],
    [async () => ({}), 'The option executor made no executor: it has no function evaluate.'],
    [executorWith(() => ({ workers: 0 })), 'its workers must be a whole number of at least 1, got 0.'],
    [executorWith(() => ({ workers: 1.5 })), 'of at least 1, got 1.5.'],
    [executorWith(() => ({ workers: Number.NaN })), 'of at least 1, got .nan.'],
  ])('is refused where it is none %#', async (executor, message) => {
    const error = await errorOf(executor)
    expect(error).toBeInstanceOf(ConfigError)
    expect(String(error)).toContain(message)
  })
})
