import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { describeExecutor } from '../../src/conformance/executor/describe-executor.js'
import { tinySetup } from '../../src/conformance/executor/tiny-setup.js'
import { createPiscinaExecutor } from '../../src/execution/piscina-pool.js'
import { ConfigError } from '../../src/platform/errors.js'
import { physicalCores } from '../../src/platform/hardware.js'

function program(name: string): string {
  return fileURLToPath(new URL(`./programs/${name}`, import.meta.url))
}

describeExecutor(
  'of threads',
  (setup, workers) => createPiscinaExecutor(setup, { workers, program: program('faulty-thread.mjs') }),
  { deadly: (architecture) => `${architecture} ! exit` },
)

describe('the pool', () => {
  it('has a worker for each physical core where nothing else is said, and tells its engine', async () => {
    const setup = await tinySetup()
    const pool = await createPiscinaExecutor(setup, { workers: 'auto' })
    expect(pool.workers).toBe(Math.min(physicalCores(), pool.engine.maxThreads))
    expect(pool.engine.name).toBe(setup.engine)
    await pool.close()
  })

  it('says why a worker cannot start', async () => {
    const setup = await tinySetup()
    const broken = createPiscinaExecutor(setup, { workers: 2, program: program('broken-import.mjs') })
    await expect(broken).rejects.toThrow(/could not start: .*no-such-module/)
    const lost = createPiscinaExecutor(
      { ...setup, space: { ...setup.space, name: 'nats-tsx' as 'nats-tss' } },
      { workers: 2 },
    )
    await expect(lost).rejects.toThrow(ConfigError)
    await expect(lost).rejects.toThrow(/^There is no search space "nats-tsx"/)
  })
})
