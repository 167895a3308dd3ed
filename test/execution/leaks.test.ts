import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { tinySetup, tinyTask } from '../../src/conformance/executor/tiny-setup.js'
import { createPiscinaExecutor } from '../../src/execution/piscina-pool.js'
import { createProcessPoolExecutor } from '../../src/execution/process-pool.js'

const ofThisProcess = '/proc/self/task'
const isLinux = existsSync(ofThisProcess)
if (!isLinux) process.stdout.write('skipped: counting threads and child processes: it needs Linux\n')

const threads = (): number => readdirSync(ofThisProcess).length
const children = (): string[] =>
  readdirSync(ofThisProcess).flatMap((thread) =>
    readFileSync(`${ofThisProcess}/${thread}/children`, 'utf8')
      .split(' ')
      .filter((id) => id !== ''),
  )

function program(name: string): string {
  return fileURLToPath(new URL(`./programs/${name}`, import.meta.url))
}

describe.skipIf(!isLinux)('after the pool is closed', () => {
  it.each(['exit', 'loop'])('no thread is left, whatever befell one: %s', async (fault) => {
    const setup = { ...(await tinySetup()), timeoutSeconds: 1 }
    const run = async (architecture: string): Promise<number> => {
      const options = { workers: 2, graceSeconds: 0, program: program('faulty-thread.mjs') }
      const pool = await createPiscinaExecutor(setup, options)
      const running = threads()
      const tasks = [tinyTask(0), tinyTask(1, { architecture }), tinyTask(2)]
      await Promise.all(tasks.map((task) => pool.evaluate(task)))
      await pool.close()
      return running
    }
    const { architecture } = tinyTask(1)
    // Node's own threads, such as those that read files, start with the first pool and stay.
    await run(architecture)
    const before = threads()
    expect(await run(`${architecture} ! ${fault}`)).toBeGreaterThan(before)
    // One that was given up ends when the system gets to it.
    await expect.poll(threads, { timeout: 30_000 }).toBe(before)
  })

  it('no process is left, not even of those that were replaced', async () => {
    const before = children()
    const pool = await createProcessPoolExecutor(await tinySetup(), {
      workers: 2,
      program: program('faulty-process.mjs'),
    })
    const first = children()
    expect(first).toHaveLength(before.length + 2)
    const killed = await pool.evaluate(tinyTask(1, { architecture: `${tinyTask(1).architecture} ! kill` }))
    expect(killed.outcome.kind).toBe('failed')
    await Promise.all([0, 1].map((index) => pool.evaluate(tinyTask(index))))
    expect(children()).toHaveLength(before.length + 2)
    expect(children()).not.toEqual(first)
    await pool.close()
    expect(children()).toEqual(before)
  })
})
