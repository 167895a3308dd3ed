import { expect, it } from 'vitest'
import { describeExecutor } from '../../src/conformance/executor/describe-executor.js'
import { tinySetup, tinyTask } from '../../src/conformance/executor/tiny-setup.js'
import type { EngineInfo } from '../../src/engines/engine.js'
import { createExecutor } from '../../src/execution/create-executor.js'
import { createPiscinaExecutor } from '../../src/execution/piscina-pool.js'
import type { Isolation } from '../../src/execution/registry.js'
import { RetryingExecutor } from '../../src/execution/retrying-executor.js'
import { ConfigError } from '../../src/platform/errors.js'
import { threadCpuClock } from '../../src/platform/thread-clock.js'

const threads: EngineInfo = { version: '1', device: 'any', gpu: false, maxThreads: Infinity }
const processes: EngineInfo = { ...threads, isolation: 'process' }

it.each([
  ['no process for one worker of an engine of threads', threads, 1, 0],
  ['no process for one worker that is wished to have nothing of its own', processes, 1, 0, 'none'],
  ['no process for two workers of an engine of threads', threads, 2, 0],
  ['a process for one worker of an engine of processes', processes, 1, 1],
  ['two processes for two workers of an engine of processes', processes, 2, 2],
  ['a process for one worker that is wished to have one', threads, 1, 1, 'process'],
  ['no process for two workers that are wished to have threads', threads, 2, 0, 'thread'],
] as const)('starts %s', async (_, engine, workers, expected, isolation?: Isolation) => {
  const executor = await createExecutor(await tinySetup(), engine, { workers, isolation })
  expect(executor.workers).toBe(workers)
  expect(process.getActiveResourcesInfo().filter((resource) => resource === 'ProcessWrap')).toHaveLength(expected)
  expect((await executor.evaluate(tinyTask(0))).outcome.kind).toBe('scored')
  await executor.close()
})

it('hears of the world while its only worker is busy, unless that has no thread of its own', async () => {
  const meanwhile = async (isolation: Isolation): Promise<number> => {
    const executor = await createExecutor(await tinySetup(), threads, { workers: 1, isolation })
    let turns = 0
    const counter = setInterval(() => turns++, 1)
    await executor.evaluate(tinyTask(0, { evaluator: { name: 'full-training' } }))
    clearInterval(counter)
    await executor.close()
    return turns
  }
  expect(await meanwhile('auto')).toBeGreaterThan(1)
  expect(await meanwhile('none')).toBeLessThanOrEqual(1)
})

it('does not start threads for an engine of processes', async () => {
  const wished = createExecutor(await tinySetup(), processes, { workers: 2, isolation: 'thread' })
  await expect(wished).rejects.toThrow(ConfigError)
  await expect(wished).rejects.toThrow(/isolation: thread is not possible with the engine .*Set isolation to auto/)
})

it.skipIf(threadCpuClock() === null)('tells the processor time of a worker process', async () => {
  const setup = { ...(await tinySetup()), clock: 'cpu' } as const
  const executor = await createExecutor(setup, threads, { workers: 1, isolation: 'process' })
  const { outcome } = await executor.evaluate(tinyTask(0))
  expect(outcome.kind).toBe('scored')
  expect(outcome.cost.computeSeconds).toBeGreaterThan(0)
  await executor.close()
})

describeExecutor('that tries again', async (setup, workers) => {
  return new RetryingExecutor(await createPiscinaExecutor(setup, { workers }))
})
