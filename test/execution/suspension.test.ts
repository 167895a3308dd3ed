import { fork } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { endlessTask, tinySetup, tinyTask } from '../../src/conformance/executor/tiny-setup.js'
import type { Outcome } from '../../src/evaluators/outcome.js'
import { createProcessPoolExecutor } from '../../src/execution/process-pool.js'

const isLinux = existsSync('/proc/self/task')
if (!isLinux) process.stdout.write('skipped: suspended processes: finding child processes needs Linux\n')

/** The processes that a process has started. */
function childrenOf(pid: number): readonly number[] {
  const threads = `/proc/${pid}/task`
  return readdirSync(threads).flatMap((thread) =>
    readFileSync(`${threads}/${thread}/children`, 'utf8').split(' ').filter(Boolean).map(Number),
  )
}

const suspendedSeconds = 5

type Told = { readonly kind: 'running' } | { readonly kind: 'ended'; readonly outcome: Outcome }

interface Suspension {
  readonly isolation: 'thread' | 'process'
  /** Who is suspended, in the order of waking. */
  readonly who: (driver: number) => readonly number[]
  readonly timeoutSeconds: number
  readonly graceSeconds: number
}

/** What becomes of an endless trial that is suspended as soon as it learns, and is to end afterwards. */
async function outcomeOfSuspended({ isolation, who, timeoutSeconds, graceSeconds }: Suspension): Promise<Outcome> {
  const driver = fork(fileURLToPath(new URL('./programs/stoppable-driver.mjs', import.meta.url)), {
    serialization: 'advanced',
  })
  const setup = { ...(await tinySetup()), timeoutSeconds }
  const told = async (): Promise<Told> => (await once(driver, 'message'))[0] as Told
  driver.send({ setup, isolation, graceSeconds, task: endlessTask })
  expect(await told()).toEqual({ kind: 'running' })
  const suspended = who(driver.pid as number)
  expect(suspended).not.toHaveLength(0)
  for (const pid of suspended) process.kill(pid, 'SIGSTOP')
  await pause(1000 * suspendedSeconds)
  const end = told()
  for (const pid of suspended) process.kill(pid, 'SIGCONT')
  driver.send('end')
  const ended = await end
  if (ended.kind !== 'ended') throw new Error('the trial was begun again')
  if (driver.exitCode === null) await once(driver, 'exit')
  return ended.outcome
}

describe.skipIf(!isLinux)('a trial that is suspended for longer than it may take', () => {
  it.concurrent.each<[string, Pick<Suspension, 'isolation' | 'who'>]>([
    ['the driver with its worker threads', { isolation: 'thread', who: (driver) => [driver] }],
    ['a worker process', { isolation: 'process', who: childrenOf }],
    ['driver and worker process', { isolation: 'process', who: (driver) => [driver, ...childrenOf(driver)] }],
    ['worker process and driver', { isolation: 'process', who: (driver) => [...childrenOf(driver), driver] }],
  ])('goes on, and the pause is not training: %s', async (_, suspension) => {
    const outcome = await outcomeOfSuspended({
      ...suspension,
      timeoutSeconds: suspendedSeconds - 0.5,
      graceSeconds: 60,
    })
    expect(outcome).toMatchObject({ kind: 'aborted', phase: 'stage1' })
    expect(outcome).not.toHaveProperty('lost')
    expect(outcome.cost.computeSeconds).toBeLessThan(suspendedSeconds)
  })

  it.concurrent('is not given up where the driver alone is suspended, and its worker process has answered', async () => {
    const outcome = await outcomeOfSuspended({
      isolation: 'process',
      who: (driver) => [driver],
      timeoutSeconds: suspendedSeconds - 3,
      graceSeconds: 1,
    })
    expect(outcome).toMatchObject({ kind: 'timed-out' })
    expect(outcome).not.toHaveProperty('lost')
  })

  it('is given up where its worker process is not woken, and another takes its place', async () => {
    const setup = { ...(await tinySetup()), timeoutSeconds: 1 }
    const before = childrenOf(process.pid)
    const pool = await createProcessPoolExecutor(setup, { workers: 1, graceSeconds: 3 })
    const [worker] = childrenOf(process.pid).filter((pid) => !before.includes(pid))
    const running = pool.evaluate(endlessTask)
    process.kill(worker as number, 'SIGSTOP')
    expect((await running).outcome).toMatchObject({
      kind: 'failed',
      workerLost: true,
      message: 'The worker was given up: it did not answer for 4 s.',
    })
    expect(existsSync(`/proc/${worker}`)).toBe(false)
    expect((await pool.evaluate(tinyTask(0))).outcome.kind).toMatch(/scored|timed-out/)
    await pool.close()
  })

  it('holds up nobody at the end where an idle worker process is stopped', async () => {
    const before = childrenOf(process.pid)
    const pool = await createProcessPoolExecutor(await tinySetup(), { workers: 2 })
    const [worker] = childrenOf(process.pid).filter((pid) => !before.includes(pid))
    process.kill(worker as number, 'SIGSTOP')
    await pool.close()
    expect(childrenOf(process.pid)).toEqual(before)
  })
})
