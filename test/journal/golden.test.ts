/*
 * A run on disk that must stay readable and repeatable. Made on an AMD EPYC with AVX-512, in version 1 of the format:
 *
 *   fear-nas compare test/journal/fixtures/golden.yaml --engine native --workers 1 --out DIR
 *
 * golden.jsonl is DIR/journal.jsonl, golden.summary.json DIR/summary.json. Made anew only where a change of what is
 * computed is meant, with a line in CHANGELOG.md and a higher `resultsVersion`. "identity" was added to the first line
 * later; nothing else of it changed.
 */
import { existsSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { loadConfig } from '../../src/config/load-config.js'
import { loadDataset } from '../../src/datasets/load-dataset.js'
import { nativeAddonPath } from '../../src/engines/native/native-engine.js'
import type { Outcome } from '../../src/evaluators/outcome.js'
import type { Executor } from '../../src/execution/executor.js'
import { createInProcessExecutor, type ReadyExecutor } from '../../src/execution/in-process.js'
import { createPiscinaExecutor } from '../../src/execution/piscina-pool.js'
import type { JournalEvent } from '../../src/journal/journal-event.js'
import { readJournal } from '../../src/journal/read-journal.js'
import { type ReplayedRun, replay } from '../../src/journal/replay.js'
import { resultsVersion } from '../../src/journal/results-version.js'
import { systemClock } from '../../src/platform/clock.js'
import { type RunFacts, summarise } from '../../src/results/summary.js'
import { studyOptions } from '../../src/runs/study-options.js'
import { runStudy, workerSetup } from '../../src/studies/run-study.js'

const fixture = (name: string): string => new URL(`./fixtures/${name}`, import.meta.url).pathname
const { data, seed, ...config } = loadConfig(fixture('golden.yaml'))
const dataset = await loadDataset({ ...data, seed })
const options = (engine: 'native' | 'wasm') => studyOptions('compare', { data, seed, ...config }, dataset, engine)

/** Engines round differently, and accuracies are of 100 to 256 images: 4 points of accuracy are 4 images. */
const tolerance = 0.04

interface Row {
  readonly event: string
  readonly arm: string
  readonly trial: number
  readonly architecture: string
  readonly kind: Outcome['kind']
  readonly work: Pick<Outcome['cost'], 'trainingFlops' | 'steps' | 'epochs'>
}

interface Table {
  /** What every engine must agree on. */
  readonly rows: readonly Row[]
  /** The scores of those rows, in 0..1; null for trials without one. */
  readonly scores: readonly (number | null)[]
}

function tableOf(events: readonly JournalEvent[]): Table {
  const finished = events
    .filter((event) => event.event === 'trial.finished' || event.event === 'finalist.finished')
    .toSorted((a, b) => `${a.arm} ${a.event}`.localeCompare(`${b.arm} ${b.event}`) || a.trial - b.trial)
  return {
    rows: finished.map(({ event, arm, trial, architecture, outcome }) => {
      const { trainingFlops, steps, epochs } = outcome.cost
      return { event, arm, trial, architecture, kind: outcome.kind, work: { trainingFlops, steps, epochs } }
    }),
    scores: finished.map(({ outcome }) => (outcome.kind === 'scored' ? outcome.score : null)),
  }
}

const { events } = await readJournal(fixture('golden.jsonl'))
const golden = tableOf(events)

/** The same configuration, run again, from nothing or from what a journal was cut to. */
async function runAgain(
  engine: 'native' | 'wasm',
  create: (setup: ReturnType<typeof workerSetup>) => Promise<ReadyExecutor>,
  kept: readonly JournalEvent[] = [],
): Promise<Table> {
  const executor = await create(workerSetup(options(engine), dataset))
  const recorded: JournalEvent[] = [...kept]
  const journal = {
    append: async (event: JournalEvent): Promise<void> => void recorded.push(event),
    flush: async () => {},
    close: async () => {},
  }
  try {
    await runStudy(options(engine), { executor, clock: systemClock, journal }, replay(kept))
    return tableOf(recorded)
  } finally {
    await executor.close()
  }
}

describe('the golden journal', () => {
  it('has outcomes of three kinds, and finalists', () => {
    expect(golden.rows).toHaveLength(20 + 2 + 20)
    expect(new Set(golden.rows.map(({ kind }) => kind))).toEqual(new Set(['scored', 'rejected', 'below-threshold']))
  })

  it('was measured on the data of its configuration, by a program of this results version', () => {
    // A change of what is computed needs another results version, and this journal made anew.
    expect(replay(events)?.sessions.map(({ identity }) => identity)).toEqual([
      {
        data: { name: dataset.name, fingerprint: dataset.fingerprint },
        engine: { name: 'native', version: '1', device: 'avx512' },
        resultsVersion,
        version: '0.1.0',
        program: expect.any(String),
      },
    ])
  })

  it('gives, replayed, the summary that its run had, without a single evaluation', async () => {
    const summary = JSON.parse(readFileSync(fixture('golden.summary.json'), 'utf8'))
    const refuse = (): never => {
      throw new Error('everything is in the journal')
    }
    const executor: Executor = {
      workers: 1,
      evaluate: refuse,
      test: refuse,
      openChannel: refuse,
      close: async () => {},
    }
    const { result } = await runStudy(options('native'), { executor, clock: systemClock }, replay(events))
    expect(JSON.parse(JSON.stringify(summarise(summary as RunFacts, result)))).toMatchObject(summary)
  })
})

const hasNative = existsSync(nativeAddonPath())
if (!hasNative) process.stdout.write('skipped: the golden journal on the native engine, which needs a C++ compiler\n')

function expectGolden({ rows, scores }: Table): void {
  expect(rows).toEqual(golden.rows)
  for (const [i, score] of scores.entries()) {
    const expected = golden.scores[i] ?? null
    const difference = score === null || expected === null ? 0 : Math.abs(score - expected)
    expect(difference, `score of row ${i}`).toBeLessThanOrEqual(tolerance)
  }
}

describe.each([
  { engine: 'native', workerCounts: [2, 4] },
  { engine: 'wasm', workerCounts: [2] },
] as const)('the golden configuration on $engine', ({ engine, workerCounts }) => {
  it.skipIf(engine === 'native' && !hasNative)(
    'gives the trial table of the journal, and with any number of workers the very same',
    async () => {
      const inProcess = await runAgain(engine, createInProcessExecutor)
      expectGolden(inProcess)
      for (const workers of workerCounts) {
        expect(await runAgain(engine, (setup) => createPiscinaExecutor(setup, { workers }))).toEqual(inProcess)
      }
    },
  )
})

describe('the golden journal, cut', () => {
  it.each([2, 17, 41, 45, 70, 104])('after %i lines, is trained to its end, to the same table', async (lines) => {
    expectGolden(await runAgain(hasNative ? 'native' : 'wasm', createInProcessExecutor, events.slice(0, lines)))
  })
})

describe('a journal of version 1 with a line of each kind', () => {
  const read = async (): Promise<ReplayedRun | null> => replay((await readJournal(fixture('every-event.jsonl'))).events)

  it('reads on as it did', async () => {
    const run = await read()
    const [fear, full] = [run?.arms.get('fear'), run?.arms.get('full')]
    expect(run?.started).toMatchObject({ command: 'compare', seed: 7, engine: 'toy' })
    expect(fear?.calibration?.threshold).toBe(0.37039999999999995)
    expect(fear?.calibration?.networks).toHaveLength(3)
    expect([...(fear?.proposals.keys() ?? [])]).toEqual([0])
    expect(fear?.trials.get(0)?.outcome).toMatchObject({ kind: 'scored', score: 0.2736, cost: { epochs: 9 } })
    expect(fear?.finalists.get(4)).toMatchObject({ kind: 'scored', validationAccuracy: 0.74 })
    expect(fear?.finished).toMatchObject({ trials: 5, endedBy: 'trials', best: { trial: 3 } })
    expect(fear?.wallSeconds).toBe(25142.971454786042)
    expect(full?.tests.get(0)).toBe(0.2736000120639801)
  })
})
