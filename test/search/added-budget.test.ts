import path from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { openJournal } from '../../src/journal/journal.js'
import { readJournal } from '../../src/journal/read-journal.js'
import { replay } from '../../src/journal/replay.js'
import type { StudyServices } from '../../src/studies/arm-run.js'
import { runStudy, type StudyRun } from '../../src/studies/run-study.js'
import { toyStudy } from '../studies/toy-study.js'
import { temporaryFolder } from '../support/temporary-folder.js'
import { runStarted } from './run-started.js'
import { type ToyWorld, toyWorld } from './toy-evaluation.js'

const directory = temporaryFolder('added')
let files = 0

/**
 * Where the networks of high FEAR scores do badly when trained in full, so that a finalist which others with higher scores
 * push out was the best so far.
 */
function contraryWorld(): ToyWorld {
  const { clock, executor } = toyWorld(2)
  return {
    clock,
    executor: {
      ...executor,
      async evaluate(task) {
        const evaluation = await executor.evaluate(task)
        const { outcome, weights } = evaluation
        if (outcome.kind !== 'scored' || outcome.validationAccuracy === null || weights === undefined) return evaluation
        const accuracy = 1 - outcome.validationAccuracy
        const parameters = Float32Array.of(accuracy)
        return {
          outcome: { ...outcome, score: accuracy, validationAccuracy: accuracy },
          weights: { ...weights, parameters },
        }
      },
    },
  }
}

/** The comparison with these numbers of trials in each session, the first of which starts the run. */
async function sessions(trials: readonly number[]): Promise<StudyRun & { readonly stored: Map<string, number> }> {
  const file = path.join(directory, `${files++}.jsonl`)
  let run: StudyRun | null = null
  /** The trial of the last stored network of each arm. */
  const stored = new Map<string, number>()
  for (const count of trials) {
    const journal = await openJournal(file)
    const earlier = replay((await readJournal(file)).events)
    if (earlier === null) await journal.append(runStarted)
    const services: StudyServices = {
      ...contraryWorld(),
      journal,
      onBest: (arm, { trial, weights }) => weights !== null && stored.set(arm, trial),
    }
    run = await runStudy({ ...toyStudy, budget: { trials: count } }, services, earlier)
    await journal.close()
  }
  if (run === null) throw new Error('there was no session')
  return { ...run, stored }
}

describe('a budget that is raised', () => {
  it('gives the table, the finalists and the networks of a run that was planned with it from the start', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.integer({ min: 1, max: 12 }), { minLength: 2, maxLength: 4 }), async (added) => {
        const totals = added.map((_, i) => added.slice(0, i + 1).reduce((a, b) => a + b))
        const raised = await sessions(totals)
        const planned = await sessions(totals.slice(-1))
        expect(raised.arms.map(({ trials }) => trials)).toEqual(planned.arms.map(({ trials }) => trials))
        const [ours, theirs] = [raised.result, planned.result]
        expect(ours.arms.map(({ finalists, best }) => ({ finalists, best }))).toEqual(
          theirs.arms.map(({ finalists, best }) => ({ finalists, best })),
        )
        // The file with an arm's network is that of the network it hands over.
        for (const { name, best } of ours.arms) expect(raised.stored.get(name)).toBe(best?.trial)
        expect(ours.comparison?.rankCorrelation).toEqual(theirs.comparison?.rankCorrelation)
        for (const [i, arm] of ours.arms.entries()) {
          expect(arm.evaluationSeconds).toBeCloseTo(theirs.arms[i]?.evaluationSeconds ?? Number.NaN, 6)
          expect(arm.budget).toEqual(theirs.arms[i]?.budget)
        }
      }),
      { numRuns: 10 },
    )
  })

  it('does not train finalists again, and charges those that are finalists no more', async () => {
    const before = await sessions([6])
    const raised = await sessions([6, 30])
    const planned = await sessions([30])
    const [first, after, wanted] = [before, raised, planned].map(({ result }) => result.arms[0])
    const trained = (arm: typeof first) => new Set(arm?.finalists.map(({ trial }) => trial))
    const dropped = [...trained(first)].filter((trial) => !trained(wanted).has(trial))
    expect(dropped.length).toBeGreaterThan(0)
    const extra = first?.finalists.filter(({ trial }) => dropped.includes(trial)) ?? []
    const seconds = extra.reduce((sum, { outcome }) => sum + outcome.cost.computeSeconds, 0)
    expect(after?.finalistSeconds).toBeCloseTo((wanted?.finalistSeconds ?? Number.NaN) + seconds, 6)
  })
})
