import path from 'node:path'
import type { LatencyMeter } from '../../src/benchmarks/latency-meter.js'
import { tinySetup } from '../../src/conformance/executor/tiny-setup.js'
import { openJournal } from '../../src/journal/journal.js'
import { readJournal } from '../../src/journal/read-journal.js'
import { type ReplayedRun, replay } from '../../src/journal/replay.js'
import { createRng } from '../../src/platform/rng.js'
import type { StudyServices } from '../../src/studies/arm-run.js'
import { runRanking } from '../../src/studies/rank/run-ranking.js'
import { openTruthStore } from '../../src/studies/rank/truth-store.js'
import { runStudy } from '../../src/studies/run-study.js'
import type { StudyOptions } from '../../src/studies/study.js'
import { toyFear, toyWorld } from '../search/toy-evaluation.js'
import { toyStudy } from '../studies/toy-study.js'

/** A session on the journal in `file`: as much of a run as it does not hold yet. Gives what the run found. */
export type RunSession = (file: string) => Promise<unknown>

/** Trials take as long as their name says, so that they finish out of order. */
const world = () => toyWorld(3, (architecture) => createRng('timing', architecture).next())

/** A batch takes as long as the name of its architecture. */
const latency: LatencyMeter = {
  seconds: ({ length }) => length / 1000,
  report: ({ length }) => [{ batch: 1, milliseconds: length, imagesPerSecond: 1000 / length }],
}

async function session(
  file: string,
  run: (services: StudyServices, earlier: ReplayedRun | null) => Promise<unknown>,
): Promise<unknown> {
  const journal = await openJournal(file)
  try {
    const earlier = replay((await readJournal(file)).events)
    const hardware = { cpu: 'x', physicalCores: 1, logicalCores: 1, memoryBytes: 1, platform: 'x', node: 'x' }
    const about = { date: '2026-01-01T00:00:00.000Z', hardware, engine: 'toy' }
    await journal.append(
      earlier === null
        ? { event: 'run.started', schema: 1, command: 'compare', config: {}, seed: 7, ...about }
        : { event: 'run.resumed', ...about },
    )
    const result = await run({ ...world(), latency, journal }, earlier)
    await journal.append({ event: 'run.finished', date: about.date, stopped: false })
    return result
  } finally {
    await journal.close()
  }
}

const [fear, full] = toyStudy.arms as [StudyOptions['arms'][number], StudyOptions['arms'][number]]
const auto = { ...toyFear, threshold: 'auto', calibration: { architectures: 3, epochs: 2, steps: 0 } } as const
const study: StudyOptions = {
  ...toyStudy,
  budget: { trials: 5 },
  arms: [{ ...fear, evaluator: auto }, full],
  resampling: { searches: 1, architectures: null, replacement: true },
}

/** Tables, finalists and winners. */
export const studySession: RunSession = (file) =>
  session(file, async (services, earlier) => {
    const { arms } = await runStudy(study, services, earlier)
    return arms.map(({ result, trials, testAccuracies }) => ({
      trials,
      tests: [...testAccuracies].toSorted(([a], [b]) => a - b),
      finalists: result.finalists,
      best: result.best,
      latency: result.latency,
      computeSeconds: result.computeSeconds.toFixed(6),
      endedBy: result.endedBy,
    }))
  })

const setup = await tinySetup()
const toyEngine = { version: '1', device: 'toy' }

export const rankingSession: RunSession = (file) =>
  session(file, async (services, earlier) => {
    const strategy = { name: 'random', duplicates: 'isomorphism' } as const
    const methods = [
      { name: 'fear', evaluator: auto },
      { name: 'generous', evaluator: { ...toyFear, ratio: null } },
    ]
    const truth = { accuracy: 'validation', sharedSeeds: false } as const
    const store = openTruthStore(path.join(path.dirname(file), 'truths'), setup, toyEngine)
    const options = { seed: 7, setup, strategy, architectures: 4, truth, methods, bootstrap: 10 }
    const { architectures, commonArchitectures } = await runRanking(options, services, store, earlier)
    return { architectures, commonArchitectures }
  })

/** Where the lines of a journal end, with its very beginning. */
export function cutLines(text: string): readonly number[] {
  return [0, ...[...text.matchAll(/\n/g)].map(({ index }) => index + 1)]
}
