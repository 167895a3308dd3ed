import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { JournalEvent } from '../../src/journal/journal-event.js'
import { replay } from '../../src/journal/replay.js'
import type { Clock } from '../../src/platform/clock.js'
import { runStudy } from '../../src/studies/run-study.js'
import { toyWorld } from '../search/toy-evaluation.js'
import { toyStudy } from '../studies/toy-study.js'

const about = {
  date: '2026-01-01T00:00:00.000Z',
  hardware: { cpu: 'x', physicalCores: 1, logicalCores: 1, memoryBytes: 1, platform: 'x', node: 'x' },
  engine: 'toy',
}

/** Runs a study in simulated time, of which its own clock sees only what `skew` makes of it; gives the new events. */
async function run(
  skew: (seconds: number, reading: number) => number,
  earlier: readonly JournalEvent[] = [],
  budget: { readonly trials?: number; readonly wallSeconds?: number } = { trials: 12 },
): Promise<readonly JournalEvent[]> {
  const { clock: simulated, executor } = toyWorld(2, () => 1 / 64)
  let readings = 0
  const clock: Clock = { now: () => skew(simulated.now(), readings++), date: () => about.date }
  const recorded: JournalEvent[] = [
    earlier.length === 0
      ? { event: 'run.started', schema: 1, command: 'compare', config: {}, seed: 7, ...about }
      : { event: 'run.resumed', ...about },
  ]
  const journal = {
    append: async (event: JournalEvent): Promise<void> => void recorded.push(event),
    flush: async () => {},
    close: async () => {},
  }
  await runStudy({ ...toyStudy, budget }, { executor, clock, journal }, replay(earlier))
  return recorded
}

function wallSeconds(events: readonly JournalEvent[], arm: string): readonly number[] {
  return events.flatMap((event) => ('wallSeconds' in event && event.arm === arm ? [event.wallSeconds] : []))
}

function expectToRise(seconds: readonly number[]): void {
  expect(seconds.length).toBeGreaterThan(0)
  expect(Math.min(...seconds)).toBeGreaterThanOrEqual(0)
  expect(seconds).toEqual(seconds.toSorted((a, b) => a - b))
}

describe('a run whose clock jumps back', () => {
  it('has a journal whose seconds never fall and are never negative, wherever it jumps, also when it is resumed', async () => {
    const jumps = fc.record({ at: fc.nat(60), by: fc.double({ min: 0, max: 1e6, noNaN: true }), cut: fc.nat(40) })
    await fc.assert(
      fc.asyncProperty(jumps, async ({ at, by, cut }) => {
        const skew = (seconds: number, reading: number): number => (reading < at ? seconds : seconds - by)
        const whole = await run(skew)
        for (const arm of ['fear', 'full']) expectToRise(wallSeconds(whole, arm))
        const kept = whole.slice(0, 1 + cut)
        const all = [...kept, ...(await run(skew, kept))]
        for (const arm of ['fear', 'full']) expectToRise(wallSeconds(all, arm))
      }),
      { numRuns: 40 },
    )
  })

  it('comes to the end of a budget of wall-clock seconds, the jump not counted', async () => {
    const ends = (events: readonly JournalEvent[]) => events.find(({ event }) => event === 'arm.finished')
    const budget = { wallSeconds: 60 }
    const steady = ends(await run((seconds) => seconds, [], budget))
    const jumping = ends(await run((seconds, reading) => (reading < 9 ? seconds : seconds - 1e5), [], budget))
    expect(steady).toMatchObject({ arm: 'fear', endedBy: 'wallSeconds' })
    expect(jumping).toMatchObject({ arm: 'fear', endedBy: 'wallSeconds' })
    const { wallSeconds } = jumping as Extract<JournalEvent, { event: 'arm.finished' }>
    expect(wallSeconds).toBeGreaterThanOrEqual(60)
  })
})
