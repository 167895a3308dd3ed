import { writeFileSync } from 'node:fs'
import path from 'node:path'
import { gzipSync } from 'node:zlib'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { JournalEvent } from '../../src/journal/journal-event.js'
import { readJournal } from '../../src/journal/read-journal.js'
import { replay } from '../../src/journal/replay.js'
import { digestEvents, digestJournal, type RunDigest } from '../../src/journal/run-digest.js'
import { scanTrialLine, trialFacts } from '../../src/journal/trial-line.js'
import { temporaryFolder } from '../support/temporary-folder.js'
import { arbitraryJournal, runStarted } from './arbitrary-journal.js'

const folder = temporaryFolder('digest')
const file = path.join(folder, 'journal.jsonl')
const textOf = (events: readonly JournalEvent[]): string => events.map((event) => `${JSON.stringify(event)}\n`).join('')

/** As plain data, to be compared. */
const plain = ({ arms, ...digest }: RunDigest) => ({
  ...digest,
  arms: [...arms].map(([name, arm]) => [name, { ...arm }]),
})

describe('the digest of a journal', () => {
  it('is that of the full reader, whatever the journal holds', async () => {
    await fc.assert(
      fc.asyncProperty(arbitraryJournal, async (events) => {
        writeFileSync(file, textOf(events))
        expect(plain(await digestJournal(file))).toEqual(plain(digestEvents((await readJournal(file)).events)))
      }),
      { numRuns: 150 },
    )
  })

  it('is the same of a compressed journal, and of one whose last line is torn', async () => {
    await fc.assert(
      fc.asyncProperty(arbitraryJournal, fc.nat(), async (events, cut) => {
        const text = Buffer.from(textOf(events))
        writeFileSync(`${file}.gz`, gzipSync(text))
        expect(plain(await digestJournal(`${file}.gz`))).toEqual(plain(digestEvents(readBack(text))))
        const torn = text.subarray(0, cut % (text.length + 1))
        writeFileSync(file, torn)
        const complete = torn.subarray(0, torn.lastIndexOf('\n') + 1)
        expect(plain(await digestJournal(file))).toEqual(plain(digestEvents(readBack(complete))))
      }),
      { numRuns: 60 },
    )
  })

  it.each(['quick', 'fashion', 'cifar10-rank', 'measures-in-training'])('counts what replay has: %s', async (name) => {
    const journal = `results/reference/${name}/journal.jsonl.gz`
    const run = replay((await readJournal(journal)).events)
    const { arms } = await digestJournal(journal)
    expect([...arms.keys()]).toEqual([...(run?.arms.keys() ?? [])])
    for (const [arm, { finalists, trials, tests, wallSeconds }] of run?.arms ?? []) {
      const outcomes = [...trials.values()].map(({ outcome }) => outcome)
      const scores = outcomes.flatMap((outcome) => (outcome.kind === 'scored' ? [outcome.score] : []))
      expect(arms.get(arm)).toMatchObject({ finished: trials.size, tests: tests.size, wallSeconds })
      expect(arms.get(arm)?.best?.score).toBe(Math.max(...scores))
      expect(arms.get(arm)?.finalists).toHaveLength(finalists.size)
      expect(arms.get(arm)?.running.size).toBe(0)
    }
  })

  it('has the best score of the highest fidelity', () => {
    const cost = { computeSeconds: 1, trainingFlops: 2, steps: 3, epochs: 4 }
    const finished = (trial: number, score: number, place: object = {}): JournalEvent => ({
      event: 'trial.finished',
      ...{ arm: 'asha', trial, architecture: `a${trial}`, ...place, wallSeconds: trial },
      outcome: {
        kind: 'scored',
        score,
        metric: 'table',
        trainAccuracy: null,
        validationAccuracy: null,
        cost,
        phases: {},
      },
    })
    const promoted = finished(2, 0.3, { fidelity: 1, promotes: 0, origin: 0 })
    writeFileSync(file, textOf([runStarted, finished(0, 0.9), finished(1, 0.8), promoted, finished(3, 0.95)]))
    const digest = plain(digestEvents([runStarted, finished(0, 0.9), finished(1, 0.8), promoted, finished(3, 0.95)]))
    expect(digest.arms).toMatchObject([['asha', { finished: 4, best: { trial: 2, fidelity: 1, score: 0.3 } }]])
    return expect(digestJournal(file).then(plain)).resolves.toEqual(digest)
  })

  it('says where a line is damaged', async () => {
    writeFileSync(file, `${textOf([runStarted])}{"event":"trial.started","arm":\n${textOf([runStarted])}`)
    await expect(digestJournal(file)).rejects.toThrow(`${file}:2  is not a complete JSON line`)
    writeFileSync(file, '{"event":"trial.started","arm":"a","trial":0}\n')
    await expect(digestJournal(file)).rejects.toThrow(`${file}:1  must be a run.started event`)
  })
})

function readBack(text: Buffer): JournalEvent[] {
  return text
    .toString()
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line))
}

describe('a trial’s line', () => {
  it('gives the facts that parsing it gives, or nothing', () => {
    let scanned = 0
    fc.assert(
      fc.property(arbitraryJournal, (events) => {
        for (const event of events) {
          const line = JSON.stringify(event)
          const parsed = JSON.parse(line) as JournalEvent
          const facts = scanTrialLine(line)
          if (facts === null) continue
          scanned++
          expect(facts).toEqual(parsed.event === 'trial.finished' ? trialFacts(parsed) : parsed)
        }
      }),
      { numRuns: 500 },
    )
    expect(scanned).toBeGreaterThan(500)
  })

  it('is scanned for every trial of a real run, none being left to the parser', async () => {
    const { events } = await readJournal('results/reference/fashion/journal.jsonl.gz')
    const trials = events.filter(({ event }) => event === 'trial.started' || event === 'trial.finished')
    expect(trials.length).toBeGreaterThan(1000)
    expect(trials.filter((event) => scanTrialLine(JSON.stringify(event)) === null)).toEqual([])
  })
})
