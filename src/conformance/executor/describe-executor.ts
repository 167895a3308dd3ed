import { afterAll, beforeAll, describe, expect } from 'vitest'
import type { Evaluation } from '../../evaluators/evaluator.js'
import type { FearOptions } from '../../evaluators/fear/options.js'
import { fullTrainingOptions } from '../../evaluators/full-training/settings.js'
import type { EvaluationTask, Executor, WorkerSetup } from '../../execution/executor.js'
import { createWorkerRuntime } from '../../execution/worker-runtime.js'
import { ConfigError } from '../../platform/errors.js'
import { expectAllAtOnce, expectNoMoreAtOnce } from './at-a-time.js'
import { declareChannelLaws } from './channel-laws.js'
import { type ExecutorConformanceOptions, lawsOf, sent } from './executor-law.js'
import { tinyFear, tinySetup, tinyTask } from './tiny-setup.js'

/** Half FEAR, half full training. */
const tasks: readonly EvaluationTask[] = Array.from({ length: 8 }, (_, i) =>
  tinyTask(i, i % 2 === 0 ? {} : { evaluator: fullTrainingOptions }),
)

/** An evaluation without what is measured. */
function withoutSeconds({ outcome, weights }: Evaluation) {
  const { computeSeconds: _, ...cost } = outcome.cost
  const { cost: __, phases, ...rest } = outcome
  const work = Object.entries(phases).map(([phase, { trainingFlops, steps, epochs }]) => [
    phase,
    trainingFlops,
    steps,
    epochs,
  ])
  return { ...rest, cost, work, weights }
}

/**
 * Declares the laws that every executor keeps, with trainings that take a moment. For the author of one:
 *
 * ```ts
 * describeExecutor('mine', (setup, workers) => createMyExecutor(setup, { workers }))
 * ```
 *
 * @param create makes an executor with at most this many workers; the suite closes it
 */
export function describeExecutor(
  name: string,
  create: (setup: WorkerSetup, workers: number) => Promise<Executor>,
  options: ExecutorConformanceOptions = {},
): void {
  describe(`executor ${name}`, () => {
    const law = lawsOf(name, options)
    let setup: WorkerSetup
    let executor: Executor
    let expected: readonly Evaluation[]
    const evaluateAll = (some: readonly EvaluationTask[], on = executor): Promise<readonly Evaluation[]> =>
      Promise.all(some.map((task) => on.evaluate(sent(task))))

    beforeAll(async () => {
      setup = await tinySetup(options.engine)
      executor = await create(setup, 2)
      const runtime = await createWorkerRuntime(setup)
      expected = tasks.map((task) => runtime.evaluate(task))
    }, 120_000)

    afterAll(() => executor?.close())

    law('gives what the evaluators give, weights included', async () => {
      expect(expected.map(({ outcome }) => outcome.kind)).toContain('scored')
      expect((await evaluateAll(tasks)).map(withoutSeconds)).toEqual(expected.map(withoutSeconds))
    })

    law('gives the same in whatever order tasks are submitted', async () => {
      const reversed = await evaluateAll(tasks.toReversed())
      expect(reversed.toReversed().map(withoutSeconds)).toEqual(expected.map(withoutSeconds))
    })

    law('measures the seconds that a worker was busy', async () => {
      const { outcome } = await executor.evaluate(tinyTask(1))
      expect(outcome.cost.computeSeconds).toBeGreaterThan(0)
      expect(outcome.cost.computeSeconds).toBeLessThan(60)
    })

    law('measures test accuracy, and leaves the weights as they are', async () => {
      const { weights } = expected[1] ?? {}
      if (weights === undefined) throw new Error('full training returned no weights')
      const { architecture } = tinyTask(1)
      const before = structuredClone(weights)
      const accuracy = await executor.test({ architecture, weights })
      expect(accuracy).toBe((await createWorkerRuntime(setup)).test({ architecture, weights }))
      // Better than guessing.
      expect(accuracy).toBeGreaterThan(0.5)
      expect(weights).toEqual(before)
    })

    law('makes a failing task a failed outcome of that task alone', async () => {
      const wrong = tinyTask(1, { architecture: '|no_such_operation~0|' })
      const [before, failing, after] = await evaluateAll([tinyTask(0), wrong, tinyTask(2)])
      expect(failing?.outcome).toMatchObject({ kind: 'failed', message: expect.stringContaining('no_such_operation') })
      expect([before, after].map((evaluation) => evaluation && withoutSeconds(evaluation))).toEqual(
        [expected[0], expected[2]].map((evaluation) => evaluation && withoutSeconds(evaluation)),
      )
    })

    law('rejects a test that fails, and goes on', async () => {
      const empty = new Float32Array(0)
      const weights = { parameters: empty, runningMean: empty, runningVariance: empty }
      await expect(executor.test({ architecture: tinyTask(0).architecture, weights })).rejects.toThrow()
      expect((await executor.evaluate(tinyTask(0))).outcome.kind).toBe('scored')
    })

    law('rejects a task whose configuration is at fault, and goes on', async () => {
      const evaluator: FearOptions = { ...tinyFear, stage2: { ...tinyFear.stage2, cut: 'cells.99' } }
      const error = await executor.evaluate(tinyTask(0, { evaluator })).then(null, (thrown: unknown) => thrown)
      expect(error).toBeInstanceOf(ConfigError)
      expect((error as ConfigError).message).toMatch(/stage2.cut must be a cut .*got cells.99/)
      expect((await executor.evaluate(tinyTask(1))).outcome.kind).toBe('scored')
    })

    law('does not start on images that no network of the space takes', async () => {
      const { macro } = setup.space
      const odd = { ...setup.space, macro: { ...macro, input: { ...macro.input, height: 7, width: 9 } } }
      const started = create({ ...setup, space: odd }, 2)
      await expect(started).rejects.toThrow(ConfigError)
      await expect(started).rejects.toThrow(/multiples of 4, got 7x9/)
    })

    law('compares a trial with a fixed reference', async () => {
      const { outcome } = await executor.evaluate(sent(tinyTask(3, { rejection: { kind: 'fixed', cheapest: 1 } })))
      expect(outcome).toMatchObject({ kind: 'rejected', limit: 4, unit: 'work' })
    })

    declareChannelLaws(law, () => ({ setup, executor }))

    law('runs as many tasks at a time as it has workers, and no more', async () => {
      expect(executor.workers).toBeGreaterThanOrEqual(1)
      expect(executor.workers).toBeLessThanOrEqual(2)
      await expectAllAtOnce(executor)
      await expectNoMoreAtOnce(executor)
    })

    const { deadly } = options
    if (deadly !== undefined) {
      law('loses one task with its worker, and no worker', async () => {
        const { architecture } = tinyTask(1)
        const lost = tinyTask(1, { architecture: deadly(architecture) })
        const [before, failed, after] = await evaluateAll([tinyTask(0), lost, tinyTask(2)])
        expect(failed?.outcome).toMatchObject({ kind: 'failed', workerLost: true })
        expect(failed?.outcome.phases).toEqual({ lost: failed?.outcome.cost })
        expect([before, after].map((evaluation) => evaluation?.outcome.kind)).toEqual(['scored', 'scored'])
        await expectAllAtOnce(executor)
      })
    }

    law('finishes what was submitted before it closes, and takes nothing after', async () => {
      const closing = await create(setup, 2)
      const submitted = evaluateAll(tasks.slice(0, 4), closing)
      await closing.close()
      expect((await submitted).map(withoutSeconds)).toEqual(expected.slice(0, 4).map(withoutSeconds))
      await expect(closing.evaluate(tinyTask(0))).rejects.toThrow('closed')
      await closing.close()
    })
  })
}
