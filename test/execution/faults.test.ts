import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { setFlagsFromString } from 'node:v8'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { expectAllAtOnce } from '../../src/conformance/executor/at-a-time.js'
import { endlessFear, tinySetup, tinyTask } from '../../src/conformance/executor/tiny-setup.js'
import type { FailedOutcome, Outcome } from '../../src/evaluators/outcome.js'
import type { EvaluationTask, WorkerSetup } from '../../src/execution/executor.js'
import type { ReadyExecutor } from '../../src/execution/in-process.js'
import { createPiscinaExecutor } from '../../src/execution/piscina-pool.js'
import type { PoolOptions } from '../../src/execution/pooled-executor.js'
import { createProcessPoolExecutor } from '../../src/execution/process-pool.js'
import { RetryingExecutor } from '../../src/execution/retrying-executor.js'
import { temporaryFolder } from '../support/temporary-folder.js'
import { buildCrashAddon } from './crash-addon.js'

const folder = temporaryFolder('faults')
let files = 0
const newFile = (): string => path.join(folder, String(files++))

/** Trial `index`, to which something happens: always, or only until there is the file. */
function faultyTask(index: number, fault: string, file?: string): EvaluationTask {
  const { architecture } = tinyTask(index)
  return tinyTask(index, { architecture: [architecture, fault, ...(file === undefined ? [] : [file])].join(' ! ') })
}

function program(name: string): string {
  return fileURLToPath(new URL(`./programs/${name}`, import.meta.url))
}

/** Every fault, and what is heard of it. */
const inThread = {
  exit: 'exited with code: 3',
  throw: 'thrown into the void',
  rejection: 'nobody waits for this',
  memory: 'JS heap out of memory',
}
const addon = buildCrashAddon()
const inProcess = {
  ...inThread,
  kill: 'ended by SIGKILL, as the system does when memory runs out',
  ...(addon && {
    segfault: 'ended by SIGSEGV, a crash in native code',
    abort: 'ended by SIGABRT, a crash in native code',
  }),
}

const heapLimit = '--max-old-space-size=64'

const threads = {
  create: (setup: WorkerSetup, options: PoolOptions) =>
    createPiscinaExecutor(setup, { ...options, program: program('faulty-thread.mjs') }),
  twice: Object.entries(inThread),
  once: [['exit', inThread.exit]],
}
const processes = {
  create: (setup: WorkerSetup, options: PoolOptions) =>
    createProcessPoolExecutor(setup, { ...options, program: program('faulty-process.mjs') }),
  twice: [['kill', inProcess.kill]],
  once: Object.entries(inProcess),
}

const withoutSeconds = ({ cost, phases, ...rest }: Outcome) => {
  const { computeSeconds: _, ...work } = cost
  return { ...rest, work, phases: Object.keys(phases) }
}

describe.each([
  ['threads', threads],
  ['processes', processes],
])('a pool of two %s', (_, { create, twice, once }) => {
  let executor: ReadyExecutor
  let expected: Outcome

  beforeAll(async () => {
    // Threads take the limit of the process, and processes are given it.
    setFlagsFromString(heapLimit)
    vi.stubEnv('NODE_OPTIONS', heapLimit)
    vi.stubEnv('FEAR_NAS_CRASH_ADDON', addon ?? '')
    executor = new RetryingExecutor(await create(await tinySetup(), { workers: 2 }))
    expected = (await executor.evaluate(tinyTask(1))).outcome
  })

  afterAll(async () => {
    await executor.close()
    vi.unstubAllEnvs()
  })

  it.each(twice)('loses one trial to %s, after two attempts, and no worker', async (fault, message) => {
    const evaluations = await Promise.all([
      executor.evaluate(tinyTask(0)),
      executor.evaluate(faultyTask(1, fault)),
      ...Array.from({ length: 2 }, () => executor.evaluate(tinyTask(2))),
    ])
    const outcome = evaluations[1]?.outcome as FailedOutcome
    expect(outcome).toMatchObject({
      kind: 'failed',
      message: expect.stringContaining(message),
      workerLost: true,
      attempts: 2,
      lost: [{ message: expect.stringContaining(message) }],
      seed: ['tiny', 'trial', 1],
    })
    expect(Object.keys(outcome.phases)).toEqual(['lost'])
    expect(outcome.phases.lost).toEqual(outcome.cost)
    expect(outcome.cost.computeSeconds).toBeGreaterThan(0)
    if (fault === 'throw' || fault === 'rejection') expect(outcome.stack).toContain('faulty-thread.mjs')
    const others = evaluations.filter((_, i) => i !== 1)
    expect(others.map((evaluation) => evaluation.outcome.kind)).toEqual(others.map(() => 'scored'))
    await expectAllAtOnce(executor)
  })

  it.each(once)('makes up for %s that happens once', async (fault, message) => {
    const { outcome } = await executor.evaluate(faultyTask(1, fault, newFile()))
    const { lost, ...rest } = outcome
    const { phases, ...same } = withoutSeconds(rest as Outcome)
    expect({ ...same, phases: phases.filter((phase) => phase !== 'lost') }).toEqual(withoutSeconds(expected))
    expect(lost).toEqual([expect.objectContaining({ message: expect.stringContaining(message) })])
    const booked = Object.values(outcome.phases).reduce((sum, { computeSeconds }) => sum + computeSeconds, 0)
    expect(outcome.cost.computeSeconds).toBeCloseTo(booked, 9)
    expect(outcome.phases.lost?.computeSeconds).toBeGreaterThan(0)
    await expectAllAtOnce(executor)
  })

  it('measures a network again whose worker was lost meanwhile', async () => {
    const { architecture } = tinyTask(1)
    const { weights } = await executor.evaluate(tinyTask(1, { evaluator: { name: 'full-training' } }))
    if (weights === undefined) throw new Error('full training hands over no weights')
    const measured = await executor.test({ architecture, weights })
    const faulty = `${architecture} ! exit ! ${newFile()}`
    expect(await executor.test({ architecture: faulty, weights })).toBe(measured)
  })

  it('gives up a worker that loops for ever after it has trained, and goes on', async () => {
    const setup = { ...(await tinySetup()), timeoutSeconds: 2 }
    // Where much else is going on, the worker in its place takes two seconds to start.
    const pool = new RetryingExecutor(await create(setup, { workers: 2, graceSeconds: 2 }))
    const [{ outcome }, other] = await Promise.all([
      pool.evaluate(faultyTask(1, 'loop', newFile())),
      pool.evaluate(tinyTask(0)),
    ])
    expect([outcome.kind, other.outcome.kind]).toEqual(['scored', 'scored'])
    expect(outcome.lost?.[0]?.message).toBe('The worker was given up: it did not answer for 4 s.')
    expect(outcome.phases.lost?.computeSeconds).toBeGreaterThan(1)
    // A trial that waits for the new worker to start may take too long.
    await vi.waitFor(() => expectAllAtOnce(pool), { timeout: 30_000 })
    await pool.close()
  })

  it('retries nothing that fails by itself', async () => {
    const { outcome } = await executor.evaluate(tinyTask(1, { architecture: '|no_such_operation~0|' }))
    expect(outcome).toMatchObject({ kind: 'failed', seed: ['tiny', 'trial', 1] })
    expect(outcome).not.toHaveProperty('attempts')
    expect(outcome).not.toHaveProperty('workerLost')
    expect((outcome as FailedOutcome).stack).toContain('no_such_operation')
  })
})

it('a trial that diverges or takes too long is not retried, and can be found again by its seed', async () => {
  const setup = await tinySetup()
  const recipe = { ...setup.recipe, learningRate: 1e9, clipNorm: null }
  const short = { ...setup, recipe, timeoutSeconds: 0.2 }
  const executor = new RetryingExecutor(await createPiscinaExecutor(short, { workers: 2 }))
  const [diverged, late] = await Promise.all([
    executor.evaluate(tinyTask(0, { evaluator: { name: 'full-training' } })),
    executor.evaluate(tinyTask(3, { evaluator: endlessFear })),
  ])
  expect(diverged?.outcome).toMatchObject({ kind: 'diverged', phase: 'train', epoch: 0, seed: ['tiny', 'trial', 0] })
  expect(late?.outcome).toMatchObject({ kind: 'timed-out', limitSeconds: 0.2, seed: ['tiny', 'trial', 3] })
  expect([diverged.outcome, late.outcome].flatMap(({ lost }) => lost ?? [])).toEqual([])
  await executor.close()
})
