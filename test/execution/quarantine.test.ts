import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { beforeAll, describe, expect, it, vi } from 'vitest'
import { tinyArchitectures, tinyFear, tinySetup, tinyTask } from '../../src/conformance/executor/tiny-setup.js'
import type { FailedOutcome } from '../../src/evaluators/outcome.js'
import { createPiscinaExecutor } from '../../src/execution/piscina-pool.js'
import { createProcessPoolExecutor } from '../../src/execution/process-pool.js'
import { type Quarantine, RetryingExecutor } from '../../src/execution/retrying-executor.js'
import { workerFile } from '../../src/execution/worker-file.js'
import { openJournal } from '../../src/journal/journal.js'
import { quarantinedIn } from '../../src/journal/quarantined.js'
import { readJournal } from '../../src/journal/read-journal.js'
import { replay } from '../../src/journal/replay.js'
import { describeHardware } from '../../src/platform/hardware.js'
import { runSearch } from '../../src/search/driver.js'
import { Ledger } from '../../src/search/ledger.js'
import { temporaryFolder } from '../support/temporary-folder.js'

const folder = temporaryFolder('quarantine')
const journalFile = path.join(folder, 'journal.jsonl')

const faultyThread = fileURLToPath(new URL('./programs/faulty-thread.mjs', import.meta.url))
const sound = tinyArchitectures[0] as string
const deadly = `${tinyArchitectures[1]} ! exit`

async function createExecutor(quarantine?: Quarantine): Promise<RetryingExecutor> {
  const pool = await createPiscinaExecutor(await tinySetup(), { workers: 2, program: faultyThread })
  return new RetryingExecutor(pool, quarantine)
}

const notTried = {
  kind: 'failed',
  attempts: 0,
  message: expect.stringContaining('Quarantined: both attempts at this architecture in this run failed'),
  cost: { computeSeconds: 0, trainingFlops: 0, steps: 0, epochs: 0 },
}

describe('an architecture that has lost two workers', () => {
  let outcomes: readonly FailedOutcome[]
  let ledger: Ledger

  beforeAll(async () => {
    const executor = await createExecutor()
    const journal = await openJournal(journalFile)
    const about = { date: '2026-01-01T00:00:00.000Z', config: {}, seed: 7, hardware: describeHardware(), engine: 'any' }
    await journal.append({ event: 'run.started', schema: 1, command: 'search', ...about })
    ledger = new Ledger()
    const search = async (arm: string, proposals: readonly string[]): Promise<readonly FailedOutcome[]> => {
      const { table } = await runSearch(
        {
          arm,
          seed: 7,
          strategy: { name: 'given', ask: ({ proposed }) => proposals[proposed] ?? null },
          canonical: (architecture) => architecture,
          evaluator: tinyFear,
          budget: { trials: proposals.length },
        },
        { executor, journal, ledger, wallSeconds: () => 0 },
      )
      return table.finished.map(({ outcome }) => outcome as FailedOutcome)
    }
    outcomes = [...(await search('fear', [deadly, sound])), ...(await search('other', [deadly]))]
    await journal.close()
    await executor.close()
  })

  it('is not tried again by another arm, and costs nothing more', () => {
    expect(outcomes.map(({ kind, attempts }) => [kind, attempts])).toEqual([
      ['failed', 2],
      ['scored', undefined],
      ['failed', 0],
    ])
    expect(outcomes[2]).toMatchObject({ ...notTried, message: expect.stringContaining('exited with code: 3') })
    const costs = outcomes.map(({ cost }) => cost.computeSeconds)
    expect(ledger.total('fear').computeSeconds).toBeCloseTo((costs[0] ?? 0) + (costs[1] ?? 0), 9)
    expect(ledger.total('other').computeSeconds).toBe(0)
    expect(ledger.phases('fear')['evaluation/lost']).toEqual(outcomes[0]?.cost)
  })

  it('is not tried again by a run that is resumed', async () => {
    const replayed = replay((await readJournal(journalFile)).events)
    if (replayed === null) throw new Error('the journal is empty')
    const quarantine = quarantinedIn(replayed)
    expect([...quarantine.keys()]).toEqual([deadly])
    const resumed = await createExecutor(quarantine)
    const evaluator = { name: 'full-training' } as const
    const [again, other] = await Promise.all(
      [deadly, sound].map((architecture) => resumed.evaluate(tinyTask(0, { architecture, evaluator }))),
    )
    expect(again?.outcome).toMatchObject(notTried)
    expect(other?.outcome.kind).toBe('scored')
    await resumed.close()
  })
})

it.each([
  [2, 'scored'],
  [3, null],
] as const)('a worker process is killed %i times while it starts in the place of a lost one', async (killed, kind) => {
  const starts = path.join(folder, `starts-${killed}`)
  vi.stubEnv('FEAR_NAS_STARTS', starts)
  vi.stubEnv('FEAR_NAS_KILLED_STARTS', String(killed))
  const program = fileURLToPath(new URL('./programs/dying-process.mjs', import.meta.url))
  const executor = new RetryingExecutor(await createProcessPoolExecutor(await tinySetup(), { workers: 1, program }))
  const once = `${tinyTask(1).architecture} ! kill ! ${path.join(folder, `killed-${killed}`)}`
  const running = executor.evaluate(tinyTask(1, { architecture: once }))
  if (kind === null) {
    const message = 'could not be replaced (its process was ended by SIGKILL, as the system does when memory runs out)'
    await expect(running).rejects.toThrow(message)
  } else expect((await running).outcome.kind).toBe(kind)
  expect(readFileSync(starts, 'utf8')).toHaveLength(4)
  await executor.close()
  vi.unstubAllEnvs()
})

it('a worker that cannot be replaced ends the run instead of failing its trials', async () => {
  const program = path.join(folder, 'process.mjs')
  const module = JSON.stringify(path.join(path.dirname(workerFile()), 'serve-driver.js'))
  writeFileSync(program, `import { serveDriver } from ${module}\nserveDriver(${JSON.stringify(faultyThread)})\n`)
  const executor = new RetryingExecutor(await createProcessPoolExecutor(await tinySetup(), { workers: 1, program }))
  rmSync(program)
  const lost = executor.evaluate(tinyTask(1, { architecture: deadly }))
  await expect(lost).rejects.toThrow(
    'A worker process ended and could not be replaced (its process exited with code: 1)',
  )
  await executor.close()
})
