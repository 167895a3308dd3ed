import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { EngineName } from '../../src/engines/engine.js'
import type { Evaluation, FearOptions } from '../../src/evaluators/evaluator.js'
import type { EvaluationTask, Executor, WorkerSetup } from '../../src/execution/executor.js'
import { createSharedReferenceBuffer, sharedReference } from '../../src/execution/shared-reference.js'
import { createWorkerRuntime } from '../../src/execution/worker-runtime.js'
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
      const buffer = createSharedReferenceBuffer()
      const evaluator: FearOptions = { ...tinyFear, cost: 'seconds' }
      const shared = { evaluator, rejection: { kind: 'shared', buffer } } as const
      const { outcome } = await executor.evaluate(tinyTask(0, shared))
      expect(outcome.kind).toBe('scored')
      const offered = sharedReference(buffer).cheapest()
      expect(offered).toBeGreaterThan(0)
      expect(offered).toBeLessThanOrEqual(outcome.phases.stage1?.computeSeconds ?? 0)
      new Float64Array(buffer)[0] = 1e-9
      expect((await executor.evaluate(tinyTask(3, shared))).outcome.kind).toBe('rejected')
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
