import { writeFileSync } from 'node:fs'
import path from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { noCost, type Outcome } from '../../src/evaluators/outcome.js'
import { describeDoubled } from '../../src/journal/doubled.js'
import type { JournalEvent } from '../../src/journal/journal-event.js'
import { replay } from '../../src/journal/replay.js'
import { digestEvents } from '../../src/journal/run-digest.js'
import { systemClock } from '../../src/platform/clock.js'
import { renderStatus } from '../../src/reports/status/status-text.js'
import { readRunStatus } from '../../src/results/status/run-status.js'
import { planOf } from '../../src/runs/run-plan.js'
import { temporaryFolder } from '../support/temporary-folder.js'
import { arbitraryJournal, runStarted } from './arbitrary-journal.js'

/** What another process makes of the same trial: other figures, and maybe another architecture. */
const other: Outcome = {
  kind: 'scored',
  score: 1e9,
  metric: 'train-accuracy',
  trainAccuracy: 1,
  validationAccuracy: 1,
  cost: { ...noCost, computeSeconds: 1000 },
  phases: {},
}

/** What two processes leave that drive a run at once: every result is followed by another of the same number. */
function drivenTwice(events: readonly JournalEvent[]): readonly JournalEvent[] {
  const copies = events.flatMap((event): JournalEvent[] => {
    const again = { architecture: 'another', wallSeconds: 0 }
    switch (event.event) {
      case 'trial.finished':
        return [
          { event: 'trial.started', arm: event.arm, trial: event.trial, architecture: 'another' },
          { ...event, ...again, outcome: other },
        ]
      case 'finalist.finished':
        return [{ ...event, ...again, outcome: other }]
      default:
        return []
    }
  })
  return [...events, ...copies]
}

describe('results that a journal has twice', () => {
  it('count once, the first of each, whatever the journal holds', () => {
    let doubled = 0
    fc.assert(
      fc.property(arbitraryJournal, (events) => {
        const [once, twice] = [replay(events), replay(drivenTwice(events))]
        expect(twice?.arms).toEqual(once?.arms)
        const digest = digestEvents(drivenTwice(events))
        expect(digest.arms).toEqual(digestEvents(events).arms)
        expect(digest.doubled).toEqual(twice?.doubled)
        const results = events.filter(({ event }) => event === 'trial.finished' || event === 'finalist.finished')
        expect(twice?.doubled).toHaveLength(results.length)
        expect(once?.doubled).toEqual([])
        doubled += results.length
      }),
    )
    expect(doubled).toBeGreaterThan(50)
  })

  it('are named in one line, which stays short', () => {
    const trials = [4, 3, 9].map((trial) => ({ arm: 'fear', what: 'trial' as const, trial }))
    expect(describeDoubled([...trials, { arm: 'full', what: 'finalist', trial: 7 }])).toBe(
      '4 results are recorded more than once (fear: trials 3-4, 9; full: finalist 7): two processes drove this run at ' +
        'the same time. The first of each counts.',
    )
    const many = Array.from({ length: 5000 }, (_, i) => ({ arm: 'fear', what: 'trial' as const, trial: 2 * i }))
    expect(describeDoubled(many).length).toBeLessThan(300)
  })

  it('are told by status, and are not more than were planned', async () => {
    const folder = temporaryFolder('doubled')
    const events: JournalEvent[] = [runStarted]
    for (let trial = 0; trial < 3; trial++) {
      const place = { arm: 'fear', trial, architecture: 'a' }
      events.push({ event: 'trial.started', ...place })
      events.push({ event: 'trial.finished', ...place, outcome: { ...other, score: trial }, wallSeconds: trial })
    }
    const text = drivenTwice(events).map((event) => `${JSON.stringify(event)}\n`)
    writeFileSync(path.join(folder, 'journal.jsonl'), text.join(''))
    const status = await readRunStatus(folder, planOf, systemClock)
    expect(status.arms[0]?.trials).toMatchObject({ finished: 3, running: 0, outcomes: { scored: 3 } })
    expect(status.doubled).toHaveLength(3)
    expect(renderStatus(status, () => 1)).toContain('3 results are recorded more than once (fear: trials 0-2)')
  })
})
