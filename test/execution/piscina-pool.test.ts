import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { createPiscinaExecutor } from '../../src/execution/piscina-pool.js'
import { physicalCores } from '../../src/platform/hardware.js'
import { describeExecutor } from '../conformance/executor-conformance.js'
import { tinySetup, tinyTask } from './tiny-setup.js'

describeExecutor('the pool of two threads', (setup) => createPiscinaExecutor(setup, { workers: 2 }))

function program(name: string): string {
  return fileURLToPath(new URL(`./programs/${name}`, import.meta.url))
}

describe('the pool', () => {
  it('has a worker for each physical core where nothing else is said, and tells its engine', async () => {
    const setup = await tinySetup()
    const pool = await createPiscinaExecutor(setup, { workers: 'auto' })
    expect(pool.workers).toBe(Math.min(physicalCores(), pool.engine.maxThreads))
    expect(pool.engine.name).toBe(setup.engine)
    await pool.close()
  })

  it.each(['exit', 'throw', 'hang'])('survives a worker that comes to grief: %s', async (mischief) => {
    const setup = { ...(await tinySetup()), timeoutSeconds: 1 }
    const pool = await createPiscinaExecutor(setup, {
      workers: 2,
      graceSeconds: 1,
      program: program('fragile-worker.mjs'),
    })
    const evaluations = await Promise.all([
      pool.evaluate(tinyTask(0)),
      pool.evaluate(tinyTask(1, { architecture: mischief })),
      ...Array.from({ length: 6 }, () => pool.evaluate(tinyTask(2))),
    ])
    const messages = { exit: 'exited with code: 3', throw: 'thrown into the void', hang: 'did not answer' }
    expect(evaluations[1]?.outcome).toMatchObject({
      kind: 'failed',
      message: expect.stringContaining(messages[mischief as keyof typeof messages]),
    })
    const others = evaluations.filter((_, i) => i !== 1)
    expect(others.map(({ outcome }) => outcome.kind)).toEqual(others.map(() => 'scored'))
    expect(evaluations[1]?.outcome.cost.computeSeconds).toBeGreaterThan(0)
    await pool.close()
  })

  it('says why a worker cannot start', async () => {
    const setup = await tinySetup()
    const broken = createPiscinaExecutor(setup, { workers: 2, program: program('broken-import.mjs') })
    await expect(broken).rejects.toThrow(/could not start: .*no-such-module/)
    const lost = createPiscinaExecutor({ ...setup, space: { ...setup.space, name: 'nats-tsx' } }, { workers: 2 })
    await expect(lost).rejects.toThrow(/could not start: There is no search space "nats-tsx"/)
  })
})
