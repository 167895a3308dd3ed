import { expect, it } from 'vitest'
import type { EngineInfo } from '../../src/engines/engine.js'
import { createExecutor } from '../../src/execution/create-executor.js'
import { tinySetup, tinyTask } from './tiny-setup.js'

const threads: EngineInfo = { version: '1', device: 'any', gpu: false, maxThreads: Infinity }
const processes: EngineInfo = { ...threads, isolation: 'process' }

it.each([
  ['no process for one worker of an engine of threads', threads, 1, 0],
  ['no process for two workers of an engine of threads', threads, 2, 0],
  ['a process for one worker of an engine of processes', processes, 1, 1],
  ['two processes for two workers of an engine of processes', processes, 2, 2],
] as const)('starts %s', async (_, engine, workers, expected) => {
  const executor = await createExecutor(await tinySetup(), engine, { workers })
  expect(executor.workers).toBe(workers)
  expect(process.getActiveResourcesInfo().filter((resource) => resource === 'ProcessWrap')).toHaveLength(expected)
  expect((await executor.evaluate(tinyTask(0))).outcome.kind).toBe('scored')
  await executor.close()
})
