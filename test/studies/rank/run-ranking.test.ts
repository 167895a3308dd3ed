import path from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { tinyFear, tinySetup } from '../../../src/conformance/executor/tiny-setup.js'
import type { FearOptions } from '../../../src/evaluators/fear/options.js'
import { createInProcessExecutor, type ReadyExecutor } from '../../../src/execution/in-process.js'
import { createPiscinaExecutor } from '../../../src/execution/piscina-pool.js'
import { openJournal } from '../../../src/journal/journal.js'
import { readJournal } from '../../../src/journal/read-journal.js'
import { replay } from '../../../src/journal/replay.js'
import { systemClock } from '../../../src/platform/clock.js'
import { fullTrainingTask } from '../../../src/search/finalists.js'
import type { SearchEvent } from '../../../src/search/search-event.js'
import { kendall } from '../../../src/statistics/kendall.js'
import { spearman } from '../../../src/statistics/spearman.js'
import type { RankedArchitecture, RankingOptions, RankingResult } from '../../../src/studies/rank/ranking.js'
import { runRanking } from '../../../src/studies/rank/run-ranking.js'
import { openTruthStore } from '../../../src/studies/rank/truth-store.js'
import { runStarted } from '../../search/run-started.js'
import { temporaryFolder } from '../../support/temporary-folder.js'

const toyEngine = { version: '1', device: 'toy' }
const setup = await tinySetup()
const short = { name: 'short-training', epochs: 1, batch: 32, score: 'train', scoreEpoch: 'best' } as const
const options: RankingOptions = {
  seed: 3,
  setup,
  strategy: { name: 'random', duplicates: 'isomorphism' },
  architectures: 10,
  truth: { accuracy: 'test', sharedSeeds: false },
  methods: [
    { name: 'fear', evaluator: { ...tinyFear, threshold: 0.85, maxEpochs: 2, ratio: null } },
    { name: 'short', evaluator: short },
  ],
  bootstrap: 50,
}
const folder = temporaryFolder('rank')

async function rank(
  name: string,
  changes: Partial<RankingOptions> = {},
  create: () => Promise<ReadyExecutor> = () => createInProcessExecutor(setup),
  onEvent: (event: SearchEvent, stop: AbortController) => void = () => {},
): Promise<RankingResult> {
  const stop = new AbortController()
  const executor = await create()
  try {
    return await runRanking(
      { ...options, ...changes },
      { executor, clock: systemClock, stop: stop.signal, onEvent: (event) => onEvent(event, stop) },
      openTruthStore(path.join(folder, name), setup, toyEngine),
    )
  } finally {
    await executor.close()
  }
}

describe('a small ranking with real training', () => {
  let result: RankingResult

  beforeAll(async () => {
    result = await rank('first')
  })

  it('has every method score the same architectures, full training first', () => {
    expect(result.methods.map(({ name }) => name)).toEqual(['full-training', 'fear', 'short'])
    expect(new Set(result.architectures.map(({ architecture }) => architecture)).size).toBe(10)
    for (const { outcomes } of result.methods) {
      expect(Object.values(outcomes).reduce((sum, count) => sum + count)).toBe(10)
    }
    expect(result.architectures.every(({ truth }) => truth !== null)).toBe(true)
    expect(result).toMatchObject({ stopped: false, reusedTruths: 0 })
  })

  it('leaves out of the common architectures what FEAR did not score', () => {
    const fear = result.methods[1]
    expect(fear?.outcomes['below-threshold']).toBeGreaterThan(0)
    expect(fear?.outcomes.rejected).toBe(0)
    expect(result.commonArchitectures).toBe(fear?.outcomes.scored)
    expect(result.methods[2]?.outcomes.scored).toBe(10)
  })

  it('has figures that follow from the architectures it lists', () => {
    const scored = (name: string): readonly (RankedArchitecture & { truth: number; score: number })[] =>
      result.architectures.flatMap((row) => {
        const score = row.scores[name] ?? null
        return row.truth === null || score === null ? [] : [{ ...row, truth: row.truth, score }]
      })
    for (const method of result.methods) {
      const rows = scored(method.name)
      const truth = rows.map((row) => row.truth)
      const scores = rows.map(({ score }) => score)
      const all = method.own.find(({ percent }) => percent === 100)
      expect(all?.architectures).toBe(rows.length)
      expect(all?.spearman.value).toBe(spearman(truth, scores))
      expect(all?.kendall.value).toBe(kendall(truth, scores))
    }
  })

  it('gives the same from two threads, but for seconds', async () => {
    const threads = await rank('threads', {}, () => createPiscinaExecutor(setup, { workers: 2 }))
    expect(threads.architectures).toEqual(result.architectures)
    const figures = ({ methods }: RankingResult) =>
      methods.map(({ own, common }) => [...own, ...common].map(({ seconds: _, ...rest }) => rest))
    expect(figures(threads)).toEqual(figures(result))
  })

  it('finds a threshold before it scores, at a cost that no architecture is charged with', async () => {
    const evaluator = {
      ...(options.methods[0]?.evaluator as FearOptions),
      threshold: 'auto',
      calibration: { architectures: 3, epochs: 1, steps: 0 },
    } as const
    const { methods } = await rank('first', { methods: [{ name: 'fear', evaluator }] })
    const [truth, fear] = methods
    expect(truth?.calibration).toBeNull()
    expect(fear?.calibration?.networks).toHaveLength(3)
    expect(fear?.calibration?.computeSeconds).toBeGreaterThan(0)
    expect(fear?.outcomes.scored).toBeGreaterThan(3)
    // The same architectures to the same threshold, given.
    const { threshold = Number.NaN, computeSeconds = 0 } = fear?.calibration ?? {}
    const given = await rank('first', { methods: [{ name: 'fear', evaluator: { ...evaluator, threshold } }] })
    expect(given.methods[1]?.calibration).toBeNull()
    expect(given.methods[1]?.outcomes).toEqual(fear?.outcomes)
    const flops = fear?.calibration?.trainingFlops ?? 0
    expect(flops).toBeGreaterThan(0)
    expect(fear?.wallSeconds).toBeGreaterThan((fear?.computeSeconds ?? 0) + computeSeconds)
  })

  it('goes on from the full trainings of an earlier run with more architectures and other methods', async () => {
    const more = await rank('first', { architectures: 13, methods: options.methods.slice(1) })
    expect(more.reusedTruths).toBe(10)
    expect(more.architectures.slice(0, 10).map(({ truth }) => truth)).toEqual(
      result.architectures.map(({ truth }) => truth),
    )
    expect(more.architectures).toHaveLength(13)
    // The seconds are those that the first run measured.
    const again = await rank('first', { methods: [] })
    expect(again.reusedTruths).toBe(10)
    expect(again.methods[0]?.computeSeconds).toBe(result.methods[0]?.computeSeconds)
  })

  it('goes on from its journal with more architectures, to the ranking of all of them, and evaluates none twice', async () => {
    const file = path.join(folder, 'journal.jsonl')
    const executor = await createInProcessExecutor(setup)
    const session = async (architectures: number): Promise<RankingResult> => {
      const journal = await openJournal(file)
      const earlier = replay((await readJournal(file)).events)
      if (earlier === null) await journal.append(runStarted)
      const services = { executor, clock: systemClock, journal }
      const ranking = { ...options, architectures }
      const done = await runRanking(
        ranking,
        services,
        openTruthStore(path.join(folder, 'journal'), setup, toyEngine),
        earlier,
      )
      await journal.close()
      return done
    }
    expect((await session(4)).architectures).toHaveLength(4)
    const all = await session(10)
    expect(all.architectures).toEqual(result.architectures)
    const { events } = await readJournal(file)
    const finished = events.flatMap((event) => (event.event === 'trial.finished' ? [event] : []))
    expect(finished).toHaveLength(3 * 10)
    expect(new Set(finished.map(({ arm, trial }) => `${arm} ${trial}`)).size).toBe(3 * 10)
    // The time of all sessions.
    for (const { computeSeconds, wallSeconds } of all.methods.slice(1)) {
      expect(wallSeconds).toBeGreaterThan(computeSeconds)
    }
    await executor.close()
  })

  it('does not take up the full trainings of another seed', async () => {
    expect((await rank('first', { seed: 4, methods: [] })).reusedTruths).toBe(0)
  })

  it("trains with the evaluators' seeds if asked to, into the networks that a search would train", async () => {
    const shared = await rank('shared', { truth: { accuracy: 'test', sharedSeeds: true }, methods: [] })
    const executor = await createInProcessExecutor(setup)
    const { architecture } = shared.architectures[2] as RankedArchitecture
    const { outcome, weights } = await executor.evaluate(fullTrainingTask(options.seed, 2, architecture))
    if (weights === undefined || outcome.kind !== 'scored') expect.fail(`not trained: ${outcome.kind}`)
    expect(shared.architectures[2]).toMatchObject({
      truth: await executor.test({ architecture, weights }),
      scores: { 'full-training': outcome.score },
    })
    await executor.close()
    const differs = shared.architectures.filter(
      ({ scores }, i) => scores['full-training'] !== result.architectures[i]?.scores['full-training'],
    )
    expect(differs.length).toBeGreaterThan(0)
  })

  it('is a valid partial result when it is stopped', async () => {
    const partial = await rank('stopped', {}, undefined, (event, stop) => {
      if (event.kind === 'trial-finished' && event.arm === 'fear' && event.trial === 3) stop.abort()
    })
    expect(partial.stopped).toBe(true)
    expect(partial.methods.map(({ name }) => name)).toEqual(['full-training', 'fear'])
    expect(partial.commonArchitectures).toBeLessThanOrEqual(4)
    expect(partial.architectures.map(({ truth }) => truth)).toEqual(result.architectures.map(({ truth }) => truth))
  })
})
