import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { gunzipSync } from 'node:zlib'
import fc from 'fast-check'
import { readJournal } from '../../src/journal/read-journal.js'
import { replay } from '../../src/journal/replay.js'
import { digestEvents } from '../../src/journal/run-digest.js'
import { lastEvents } from '../../src/journal/tail-journal.js'
import { ManualClock } from '../../src/platform/clock.js'
import { FearNasError } from '../../src/platform/errors.js'
import { layouts } from '../../src/reports/charts/chart.js'
import { chartsOf } from '../../src/reports/charts/registry.js'
import { renderReport } from '../../src/reports/html/report.js'
import { describeJournalEvent } from '../../src/reports/journal-line.js'
import { renderList } from '../../src/reports/status/list-table.js'
import { renderStatus } from '../../src/reports/status/status-text.js'
import { readRecordedRun } from '../../src/results/recorded-run.js'
import { listRuns } from '../../src/results/status/run-list.js'
import { readRunStatus } from '../../src/results/status/run-status.js'
import { planOf } from '../../src/runs/run-plan.js'
import { replayRun as readRankedRun } from '../../src/studies/rank/earlier-run.js'

/** What a run directory holds, as plain data. */
export interface ForeignRun {
  readonly events: readonly unknown[]
  readonly summary: unknown
  readonly lock?: unknown
}

export function referenceRun(name: string): ForeignRun {
  const directory = path.join('results', 'reference', name)
  const journal = gunzipSync(readFileSync(path.join(directory, 'journal.jsonl.gz'))).toString()
  return {
    events: journal
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line)),
    summary: JSON.parse(readFileSync(path.join(directory, 'summary.json'), 'utf8')),
  }
}

/** Stands for a number that JSON can write and JavaScript cannot have. */
const infinite = '@infinite@'

export function writeRun(directory: string, { events, summary, lock }: ForeignRun): void {
  const json = (value: unknown): string => JSON.stringify(value).replaceAll(`"${infinite}"`, '1e999')
  mkdirSync(directory, { recursive: true })
  writeFileSync(path.join(directory, 'journal.jsonl'), events.map((event) => `${json(event)}\n`).join(''))
  writeFileSync(path.join(directory, 'summary.json'), json(summary))
  if (lock !== undefined) writeFileSync(path.join(directory, 'lock'), json(lock))
}

/** Anything that JSON can say, the odd more often than not. */
export const anyJson: fc.Arbitrary<unknown> = fc.oneof(
  fc.jsonValue({ maxDepth: 2 }),
  fc.constantFrom<unknown>(null, true, 0, -0, -1, 0.5, 1.5, 1e-320, 1e21, 1e308, -1e308, 2 ** 53, infinite),
  fc.constantFrom<unknown>('', '\u001b[2J', '__proto__', 'constructor', 'toString', '\ud800', 'x'.repeat(5000), '5'),
  fc.constantFrom<unknown>([], {}, [[]], [null], { toString: 5 }, JSON.parse('{"__proto__":5,"constructor":null}')),
)

/** The value with one of its parts replaced: the one that `choices` lead to. */
export function replaced(value: unknown, choices: readonly number[], by: unknown): unknown {
  const [choice, ...rest] = choices
  if (choice === undefined) return by
  if (Array.isArray(value) && value.length > 0) {
    const at = choice % value.length
    return value.with(at, replaced(value[at], rest, by))
  }
  if (typeof value !== 'object' || value === null) return by
  const names = Object.keys(value)
  const name = names[choice % names.length]
  if (name === undefined) return by
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [key, key === name ? replaced(inner, rest, by) : inner]),
  )
}

/** What came of a reader: its text, or an error that this program threw on purpose. */
export async function outcomeOf(
  read: () => Promise<string>,
): Promise<{ readonly text: string; readonly refused: boolean }> {
  try {
    return { text: await read(), refused: false }
  } catch (error) {
    if (error instanceof FearNasError) return { text: error.message, refused: true }
    throw error
  }
}

/** Everything that reads a run directory, and gives text. */
export const readers: Readonly<Record<string, (directory: string) => Promise<string>>> = {
  status: async (directory) => renderStatus(await readRunStatus(directory, planOf, new ManualClock()), () => 5),
  list: async (directory) => renderList(await listRuns(directory, planOf, new ManualClock()), directory),
  tail: async (directory) => {
    const { events } = await lastEvents(path.join(directory, 'journal.jsonl'), 1000, () => true)
    return events.flatMap((event) => describeJournalEvent(event) ?? []).join('\n')
  },
  digest: async (directory) => {
    const { events } = await readJournal(path.join(directory, 'journal.jsonl'))
    replay(events)
    return String(digestEvents(events).arms.size)
  },
  rankFrom: async (directory) => String((await readRankedRun(directory)).arms.size),
  pictures: async (directory) => {
    const charts = chartsOf(await readRecordedRun(directory))
    return charts.map((chart) => JSON.stringify([chart.spec(layouts.wide), chart.spec(layouts.narrow)])).join('\n')
  },
  report: async (directory) => renderReport(await readRecordedRun(directory)),
}
