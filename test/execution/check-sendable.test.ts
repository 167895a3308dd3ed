import { describe, expect, it } from 'vitest'
import { tinySetup, tinyTask } from '../../src/conformance/executor/tiny-setup.js'
import { checkSendable } from '../../src/execution/check-sendable.js'
import { createPiscinaExecutor } from '../../src/execution/piscina-pool.js'
import { createProcessPoolExecutor } from '../../src/execution/process-pool.js'
import { ConfigError } from '../../src/platform/errors.js'
import { PartValue } from '../../src/platform/parts/part-value.js'

const passed = { name: 'value', value: new PartValue('mine', () => null) } as const
const setup = await tinySetup()
const space = { ...setup.space, own: passed }
const task = { ...tinyTask(0), evaluator: { ...tinyTask(0).evaluator, own: passed } }
const message =
  'The space "mine" was passed as a value and cannot be sent to a worker thread or process. ' +
  'Use isolation: none with one worker, or name its module.'

describe('what is sent to a worker', () => {
  it('may be any plain data and a data set, but no part that was passed as a value', () => {
    checkSendable(setup)
    checkSendable(tinyTask(0))
    expect(() => checkSendable({ ...setup, space })).toThrow(new ConfigError(message))
    expect(() => checkSendable(task)).toThrow('The evaluator "mine" was passed as a value')
  })

  it.each([
    ['threads', createPiscinaExecutor],
    ['processes', createProcessPoolExecutor],
  ])('is refused by a pool of %s before any of it is sent', async (_, create) => {
    await expect(create({ ...setup, space }, { workers: 1 })).rejects.toThrow(new ConfigError(message))
    const pool = await create(setup, { workers: 1 })
    await expect(pool.evaluate(task)).rejects.toThrow(ConfigError)
    expect((await pool.evaluate(tinyTask(0))).outcome.kind).toBe('scored')
    await pool.close()
  })
})
