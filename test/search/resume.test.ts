import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import fc from 'fast-check'
import { beforeAll, describe, expect, it } from 'vitest'
import { type Journal, openJournal } from '../../src/journal/journal.js'
import { readJournal } from '../../src/journal/read-journal.js'
import { replay } from '../../src/journal/replay.js'
import { createRng } from '../../src/platform/rng.js'
import type { Budget } from '../../src/search/budget.js'
import { runSearch, type SearchOptions } from '../../src/search/driver.js'
import { Ledger } from '../../src/search/ledger.js'
import { listedSpace } from '../../src/spaces/listed-space.js'
import { natsTss } from '../../src/spaces/nats-tss/index.js'
import { createStrategy } from '../../src/strategies/registry.js'
import type { FinishedTrial, Strategy } from '../../src/strategies/strategy.js'
import { temporaryFolder } from '../support/temporary-folder.js'
import { toyFear, toyWorld } from './toy-evaluation.js'

/** Depends on the history it sees and on its stream, so that a resumed search must show it the same. */
const strategy: Strategy = {
  name: 'wandering',
  ask: ({ trials }, rng) => `${trials.filter(({ outcome }) => outcome.kind === 'scored').length}-${rng.integer(1e6)}`,
}

const budget: Budget = { trials: 40 }
const directory = temporaryFolder('resume')
const journalFile = path.join(directory, 'journal.jsonl')
const cutFile = path.join(directory, 'cut.jsonl')

/** A session on the journal at `file`: as much of the search as it does not hold yet. */
async function session(file: string, changes: Partial<SearchOptions> = {}): Promise<readonly FinishedTrial[]> {
  const journal = await openJournal(file)
  try {
    const earlier = replay((await readJournal(file)).events)
    if (earlier === null) await start(journal)
    const arm = earlier?.arms.get('fear')
    const world = toyWorld(3, (architecture) => createRng('timing', architecture).next())
    const { table } = await runSearch(
      { arm: 'fear', seed: 7, strategy, canonical: (a) => a, evaluator: toyFear, budget, earlier: arm, ...changes },
      {
        executor: world.executor,
        ledger: new Ledger(),
        journal,
        wallSeconds: () => (arm?.wallSeconds ?? 0) + world.clock.now(),
      },
    )
    return table.finished
  } finally {
    await journal.close()
  }
}

function start(journal: Journal): Promise<void> {
  const hardware = { cpu: 'x', physicalCores: 1, logicalCores: 1, memoryBytes: 1, platform: 'x', node: 'x' }
  const about = { date: '2026-01-01T00:00:00.000Z', config: {}, seed: 7, hardware, engine: 'toy' }
  return journal.append({ event: 'run.started', schema: 1, command: 'search', ...about })
}

describe('a search that was killed', () => {
  let uninterrupted: readonly FinishedTrial[]
  let journalBytes: string

  beforeAll(async () => {
    uninterrupted = await session(journalFile)
    journalBytes = readFileSync(journalFile, 'utf8')
  })

  const resume = (bytes: number): Promise<readonly FinishedTrial[]> => {
    writeFileSync(cutFile, journalBytes.slice(0, bytes))
    return session(cutFile)
  }

  it('ends with the same table when its journal is cut after any line', async () => {
    expect(uninterrupted).toHaveLength(40)
    const ends = [0, ...[...journalBytes.matchAll(/\n/g)].map(({ index }) => index + 1)]
    expect(ends).toHaveLength(2 + 2 * 40)
    for (const end of ends) expect(await resume(end)).toEqual(uninterrupted)
  })

  it('ends with the same table when its journal is cut at any byte', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(journalBytes.length), async (bytes) => {
        expect(await resume(bytes)).toEqual(uninterrupted)
      }),
      { numRuns: 60 },
    )
  })

  it('has a journal that reads like that of one session, each trial finished once', async () => {
    await resume(Math.floor(journalBytes.length / 2))
    const { events } = await readJournal(cutFile)
    const finished = events.flatMap((event) => (event.event === 'trial.finished' ? [event.trial] : []))
    expect(finished.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 40 }, (_, i) => i))
  })
})

describe('a search over fidelities that was killed', () => {
  const duplicates = 'isomorphism'
  const someHundreds = listedSpace(
    natsTss,
    Array.from({ length: natsTss.size }, (_, i) => natsTss.at(i)).filter((text) => !/1x1|pool/.test(text)),
  )
  const few = listedSpace(
    natsTss,
    Array.from({ length: 20 }, (_, i) => natsTss.at(700 * i)),
  )

  it.each([
    { name: 'asha', space: someHundreds, options: { name: 'asha', duplicates, eta: 3 } },
    { name: 'asha to the end of the space', space: few, options: { name: 'asha', duplicates, eta: 2 } },
    {
      name: 'successive-halving',
      space: someHundreds,
      options: { name: 'successive-halving', duplicates, eta: 2, initial: 8 },
    },
    {
      name: 'successive-halving to the end of the space',
      space: few,
      options: { name: 'successive-halving', duplicates, eta: 2, initial: 9 },
    },
  ] as const)('ends with the same table when its journal is cut after a line: $name', async ({ options, space }) => {
    const whole = path.join(directory, 'fidelities.jsonl')
    rmSync(whole, { force: true })
    const changes = (): Partial<SearchOptions> => ({
      strategy: createStrategy(options, space, createRng(7, 'strategy')),
      canonical: (architecture) => space.canonical(architecture, duplicates),
      lowerFidelities: [
        { ...toyFear, maxEpochs: 11 },
        { ...toyFear, ratio: null },
      ],
      evaluator: { name: 'full-training' },
    })
    const expected = await session(whole, changes())
    expect(expected.map(({ fidelity }) => fidelity)).toContain(2)
    const text = readFileSync(whole, 'utf8')
    const ends = [...text.matchAll(/\n/g)]
    // Every third: each is a whole search.
    for (const { index } of ends.filter((_, i) => i % 3 === 1)) {
      writeFileSync(cutFile, text.slice(0, index + 1))
      expect(await session(cutFile, changes())).toEqual(expected)
    }
  })
})
