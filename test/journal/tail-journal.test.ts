import { appendFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { gzipSync } from 'node:zlib'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { JournalEvent } from '../../src/journal/journal-event.js'
import { eventsSince, lastEvents } from '../../src/journal/tail-journal.js'
import { temporaryFolder } from '../support/temporary-folder.js'
import { arbitraryJournal, runStarted } from './arbitrary-journal.js'

const folder = temporaryFolder('tail')
const file = path.join(folder, 'journal.jsonl')
const textOf = (events: readonly JournalEvent[]): string => events.map((event) => `${JSON.stringify(event)}\n`).join('')
const isTrial = ({ event }: JournalEvent): boolean => event === 'trial.finished'

/** Beyond the first window that is read. */
const long: readonly JournalEvent[] = [
  runStarted,
  ...Array.from({ length: 3000 }, (_, trial): JournalEvent => {
    return { event: 'trial.started', arm: 'fear', trial, architecture: `|ä~${trial}|` }
  }),
]

describe('the end of a journal', () => {
  it('is the last events that are wanted, however far they are from the end', async () => {
    writeFileSync(file, textOf(long))
    const last = await lastEvents(file, 3, ({ event }) => event === 'trial.started')
    expect(last).toEqual({ events: long.slice(-3), end: Buffer.byteLength(textOf(long)) })
    expect((await lastEvents(file, 5, ({ event }) => event === 'run.started')).events).toEqual([runStarted])
    expect((await lastEvents(file, 5000, () => true)).events).toEqual(long)
  })

  it('is the same of a compressed journal, which does not grow', async () => {
    writeFileSync(`${file}.gz`, gzipSync(textOf(long)))
    expect(await lastEvents(`${file}.gz`, 3, () => true)).toEqual({ events: long.slice(-3), end: null })
  })

  it('is followed without losing or repeating an event, wherever the journal is cut', async () => {
    await fc.assert(
      fc.asyncProperty(arbitraryJournal, fc.nat(), fc.nat(), async (events, a, b) => {
        const bytes = Buffer.from(textOf(events))
        const [first = 0, second = 0] = [a, b].map((at) => at % (bytes.length + 1)).toSorted((x, y) => x - y)
        writeFileSync(file, bytes.subarray(0, first))
        const begin = await lastEvents(file, 1000, isTrial)
        appendFileSync(file, bytes.subarray(first, second))
        const middle = await eventsSince(file, begin.end ?? 0)
        appendFileSync(file, bytes.subarray(second))
        const rest = await eventsSince(file, middle.end)
        const followed = [...begin.events, ...middle.events, ...rest.events].filter(isTrial)
        expect(followed).toEqual(events.map((event) => JSON.parse(JSON.stringify(event))).filter(isTrial))
      }),
      { numRuns: 60 },
    )
  })
})
