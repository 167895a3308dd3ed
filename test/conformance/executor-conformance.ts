import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { EngineName } from '../../src/engines/engine.js'
import type { Evaluation } from '../../src/evaluators/evaluator.js'
import type { FearOptions } from '../../src/evaluators/fear/options.js'
import type { EvaluationTask, Executor, WorkerSetup } from '../../src/execution/executor.js'
import { budgetUnits, type TaskBudget } from '../../src/execution/task-limits.js'
import { createWorkerRuntime } from '../../src/execution/worker-runtime.js'
import { ConfigError } from '../../src/platform/errors.js'
import { tinyFear, tinySetup, tinyTask } from '../execution/tiny-setup.js'

/** Half FEAR, half full training. */
const tasks: readonly EvaluationTask[] = Array.from({ length: 8 }, (_, i) =>
  tinyTask(i, i % 2 === 0 ? {} : { evaluator: { name: 'full-training' } }),
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

/** What every executor must do, on the given engine. `create` makes one for the given setup; the suite closes it. */
export function describeExecutor(
  name: string,
  create: (setup: WorkerSetup) => Promise<Executor>,
  engine: EngineName | 'auto' = 'auto',
): void {
  describe(`${name} is an executor`, () => {
    let setup: WorkerSetup
    let executor: Executor
    let expected: readonly Evaluation[]

    beforeAll(async () => {
      setup = await tinySetup(engine)
      executor = await create(setup)
      const runtime = await createWorkerRuntime(setup)
      expected = tasks.map((task) => runtime.evaluate(task))
    }, 120_000)

    afterAll(() => executor.close())

    it('gives the results that the evaluators give', async () => {
      expect(expected.map(({ outcome }) => outcome.kind)).toContain('scored')
      const evaluations = await Promise.all(tasks.map((task) => executor.evaluate(task)))
      expect(evaluations.map(withoutSeconds)).toEqual(expected.map(withoutSeconds))
    })

    it('gives them whatever order the tasks come in', async () => {
      const reversed = await Promise.all(tasks.toReversed().map((task) => executor.evaluate(task)))
      expect(reversed.toReversed().map(withoutSeconds)).toEqual(expected.map(withoutSeconds))
    })

    it('does not take a wrong configuration for the misfortune of a trial', async () => {
      const evaluator: FearOptions = { ...tinyFear, stage2: { ...tinyFear.stage2, cut: 'cells.99' } }
      const error = await executor.evaluate(tinyTask(0, { evaluator })).then(null, (thrown: unknown) => thrown)
      expect(error).toBeInstanceOf(ConfigError)
      expect((error as ConfigError).message).toMatch(/stage2.cut must be a cut .*got cells.99/)
      expect((await executor.evaluate(tinyTask(1))).outcome.kind).toBe('scored')
    })

    it('does not start on images that no network of the space takes', async () => {
      const { macro } = setup.space
      const odd = { ...setup.space, macro: { ...macro, input: { ...macro.input, height: 7, width: 9 } } }
      const started = create({ ...setup, space: odd })
      await expect(started).rejects.toThrow(ConfigError)
      await expect(started).rejects.toThrow(/multiples of 4, got 7x9/)
    })

    describe('where running trials are aborted at the limit of a budget', () => {
      const endless: FearOptions = { ...tinyFear, threshold: 1, ratio: null, maxEpochs: 1_000_000 }
      /** So many tasks that share a budget; unless told otherwise each never reaches its threshold. */
      const run = async (
        budget: TaskBudget,
        count: number,
        task: EvaluationTask = tinyTask(3, { evaluator: endless }),
      ): Promise<readonly Evaluation['outcome'][]> => {
        const units = budgetUnits
          .filter((unit) => budget.limits[unit] !== undefined)
          .map((unit) => [unit, 'sum'] as const)
        const channel = executor.openChannel(Object.fromEntries(units), count)
        const evaluations = Array.from({ length: count }, async () => {
          const member = channel.join()
          const { outcome } = await executor.evaluate({ ...task, budget, channel: member.ref })
          // Published after the last step; seconds go on until the task has ended.
          for (const [unit] of units) {
            const published = member.values()[unit]
            expect(published).toBeGreaterThan(0)
            expect(published).toBeLessThanOrEqual(outcome.cost[unit])
          }
          return outcome
        })
        try {
          return await Promise.all(evaluations)
        } finally {
          channel.close()
        }
      }

      it('ends a trial at the very step that exceeds it, and charges what there was', async () => {
        const [outcome] = await run({ limits: { epochs: 3 } }, 1)
        // Three steps an epoch.
        expect(outcome).toMatchObject({ kind: 'aborted', phase: 'stage1', cost: { steps: 10 } })
        expect(outcome?.cost.epochs).toBeCloseTo(10 / 3, 12)
        expect(outcome?.phases).toEqual({ stage1: outcome?.cost })
      })

      it('ends all trials that share it, when together they exceed it', async () => {
        const outcomes = await run({ limits: { computeSeconds: 0.2 } }, 2)
        expect(outcomes.map(({ kind }) => kind)).toEqual(['aborted', 'aborted'])
        expect(outcomes.reduce((sum, { cost }) => sum + cost.computeSeconds, 0)).toBeGreaterThan(0.2)
      })

      it('ends a trial by the clock on the wall', async () => {
        const [outcome] = await run({ limits: {}, wallSeconds: 0.1 }, 1)
        expect(outcome?.kind).toBe('aborted')
        // The time begins a moment before the trial's own seconds do.
        expect(outcome?.cost.computeSeconds).toBeGreaterThan(0.09)
      })

      it('lets a trial finish that fits in exactly', async () => {
        const task = tinyTask(1, { evaluator: { name: 'full-training' } })
        const [outcome] = await run({ limits: { epochs: setup.recipe.epochs }, wallSeconds: 600 }, 1, task)
        expect(outcome).toMatchObject({ kind: 'scored', cost: { epochs: setup.recipe.epochs } })
      })
    })

    it('measures the seconds that a worker was busy', async () => {
      const { outcome } = await executor.evaluate(tinyTask(1))
      expect(outcome.cost.computeSeconds).toBeGreaterThan(0)
      expect(outcome.cost.computeSeconds).toBeLessThan(60)
    })

    it('measures test accuracy', async () => {
      const { weights } = expected[1] ?? {}
      if (weights === undefined) throw new Error('full training hands over no weights')
      const { architecture } = tinyTask(1)
      const accuracy = await executor.test({ architecture, weights })
      expect(accuracy).toBe((await createWorkerRuntime(setup)).test({ architecture, weights }))
      // Better than guessing, and the weights are still there.
      expect(accuracy).toBeGreaterThan(0.5)
      expect(weights.parameters.length).toBeGreaterThan(0)
    })

    it('makes a failing task a failed outcome, of that task only', async () => {
      const [before, failing, after] = await Promise.all([
        executor.evaluate(tinyTask(0)),
        executor.evaluate(tinyTask(1, { architecture: '|no_such_operation~0|' })),
        executor.evaluate(tinyTask(2)),
      ])
      expect(failing.outcome).toMatchObject({ kind: 'failed', message: expect.stringContaining('no_such_operation') })
      expect([before, after].map(withoutSeconds)).toEqual(
        [expected[0], expected[2]].flatMap((e) => (e ? [withoutSeconds(e)] : [])),
      )
    })

    it('rejects a test that fails, and goes on', async () => {
      const empty = new Float32Array(0)
      const weights = { parameters: empty, runningMean: empty, runningVariance: empty }
      await expect(executor.test({ architecture: tinyTask(0).architecture, weights })).rejects.toThrow()
      expect((await executor.evaluate(tinyTask(0))).outcome.kind).toBe('scored')
    })

    it('passes the rejection reference on: fixed', async () => {
      const { outcome } = await executor.evaluate(tinyTask(3, { rejection: { kind: 'fixed', cheapest: 1 } }))
      expect(outcome).toMatchObject({ kind: 'rejected', limit: 4, unit: 'work' })
    })

    it('passes the rejection reference on: shared, both ways', async () => {
      const channel = executor.openChannel({ cheapest: 'min' }, 1)
      const evaluator: FearOptions = { ...tinyFear, cost: 'seconds' }
      const run = async (index: number): Promise<Evaluation['outcome']> => {
        const member = channel.join()
        const rejection = { kind: 'shared', number: 'cheapest' } as const
        const { outcome } = await executor.evaluate(tinyTask(index, { evaluator, rejection, channel: member.ref }))
        member.leave()
        return outcome
      }
      const scored = await run(0)
      expect(scored.kind).toBe('scored')
      expect(channel.read('cheapest')).toBeGreaterThan(0)
      expect(channel.read('cheapest')).toBeLessThanOrEqual(scored.phases.stage1?.computeSeconds ?? 0)
      channel.publish('cheapest', 1e-9)
      expect((await run(3)).kind).toBe('rejected')
      channel.close()
    })

    it('finishes what was submitted before it closes, and takes nothing after', async () => {
      const closing = await create(setup)
      const submitted = tasks.slice(0, 4).map((task) => closing.evaluate(task))
      await closing.close()
      expect((await Promise.all(submitted)).map(withoutSeconds)).toEqual(expected.slice(0, 4).map(withoutSeconds))
      await expect(closing.evaluate(tinyTask(0))).rejects.toThrow('closed')
      await closing.close()
    })
  })
}
