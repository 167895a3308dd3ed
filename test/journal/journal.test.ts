import { appendFileSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import fc from 'fast-check'
import { beforeEach, describe, expect, it } from 'vitest'
import { noCost } from '../../src/evaluators/outcome.js'
import { openJournal } from '../../src/journal/journal.js'
import type { JournalEvent } from '../../src/journal/journal-event.js'
import { JournalError, readJournal } from '../../src/journal/read-journal.js'
import { replay } from '../../src/journal/replay.js'
import { temporaryFolder } from '../support/temporary-folder.js'

const started: JournalEvent = {
  event: 'run.started',
  schema: 1,
  date: '2026-01-01T00:00:00.000Z',
  command: 'compare',
  config: { budget: { trials: 3 } },
  seed: 'äöü',
  hardware: { cpu: 'x', physicalCores: 2, logicalCores: 4, memoryBytes: 1, platform: 'linux-x64', node: 'v20' },
  engine: 'native',
}

function trialStarted(trial: number): JournalEvent {
  return { event: 'trial.started', arm: 'fear', trial, architecture: `|a~${trial}|` }
}

function trialFinished(trial: number): JournalEvent {
  const cost = { ...noCost, computeSeconds: 0.1 + 0.2, trainingFlops: 1e15 }
  return {
    event: 'trial.finished',
    arm: 'fear',
    trial,
    architecture: `|a~${trial}|`,
    outcome: { kind: 'below-threshold', bestTrainAccuracy: 1 / 3, cost, phases: { stage1: cost } },
    wallSeconds: trial + 0.5,
  }
}

const events: readonly JournalEvent[] = [
  started,
  trialStarted(0),
  trialStarted(1),
  trialFinished(1),
  trialFinished(0),
  { event: 'finalist.finished', arm: 'fear', trial: 1, architecture: '|a~1|', outcome: failed(), wallSeconds: 4 },
  {
    event: 'arm.finished',
    arm: 'fear',
    trials: 2,
    wallSeconds: 5,
    endedBy: 'trials',
    best: { trial: 1, testAccuracy: 0.5 },
  },
  { event: 'run.finished', date: '2026-01-01T00:01:00.000Z', stopped: false },
]

function failed() {
  return { kind: 'failed', message: 'line one\nline two', cost: noCost, phases: {} } as const
}

let directory: string
let file: string

beforeEach(() => {
  directory = temporaryFolder('journal')
  file = path.join(directory, 'journal.jsonl')
})

async function write(...entries: readonly JournalEvent[]): Promise<void> {
  const journal = await openJournal(file)
  for (const event of entries) void journal.append(event)
  await journal.close()
}

describe('a journal', () => {
  it('gives back what was written, in order, numbers to the last bit', async () => {
    await write(...events)
    expect((await readJournal(file)).events).toEqual(events)
  })

  it('is one line of JSON an event, the version in the first', async () => {
    await write(...events)
    const lines = readFileSync(file, 'utf8').split('\n')
    expect(lines).toHaveLength(events.length + 1)
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({ event: 'run.started', schema: 1 })
  })

  it('has an event on disk when its append resolves, whatever was appended meanwhile', async () => {
    const journal = await openJournal(file)
    await journal.append(started)
    const appends = Array.from({ length: 500 }, (_, i) => ({ trial: i, done: journal.append(trialStarted(i)) }))
    for (const { trial, done } of appends) {
      await done
      expect(readFileSync(file, 'utf8')).toContain(`"trial":${trial},`)
    }
    await journal.close()
    expect((await readJournal(file)).events).toHaveLength(501)
  })

  it('lets appends that arrive while the disk is busy share one commit', async () => {
    const journal = await openJournal(file)
    await journal.append(started)
    const commits = new Set(Array.from({ length: 500 }, (_, i) => journal.append(trialStarted(i))))
    await journal.close()
    expect(commits.size).toBe(1)
  })

  it('goes on at the end of what an earlier session wrote', async () => {
    await write(...events.slice(0, 3))
    await write(...events.slice(3))
    expect((await readJournal(file)).events).toEqual(events)
  })

  it('refuses appends once it cannot write', async () => {
    const journal = await openJournal(file)
    await journal.append(started)
    await journal.close()
    await expect(journal.append(trialStarted(0))).rejects.toThrow()
  })
})

describe('a journal cut off by a crash', () => {
  it('holds, at any byte, the events whose lines are complete, and takes new ones after them', async () => {
    await write(...events)
    const bytes = readFileSync(file)
    const lineEnds = [...bytes.entries()].flatMap(([position, byte]) => (byte === 0x0a ? [position + 1] : []))
    await fc.assert(
      fc.asyncProperty(fc.nat(bytes.length), async (length) => {
        writeFileSync(file, bytes.subarray(0, length))
        const complete = lineEnds.filter((end) => end <= length).length
        const contents = await readJournal(file)
        expect(contents.events).toEqual(events.slice(0, complete))
        expect(contents.completeBytes).toBe(lineEnds[complete - 1] ?? 0)
        const first = complete === 0 ? [started] : []
        await write(...first, trialStarted(77))
        expect((await readJournal(file)).events).toEqual([...events.slice(0, complete), ...first, trialStarted(77)])
      }),
      { numRuns: 60 },
    )
  })

  it('is cut back to its last complete line when it is opened', async () => {
    await write(...events.slice(0, 2))
    const { size } = statSync(file)
    appendFileSync(file, '{"event":"trial.fin')
    await write()
    expect(statSync(file).size).toBe(size)
  })
})

describe('a damaged journal', () => {
  const line = (event: JournalEvent): string => `${JSON.stringify(event)}\n`

  it.each([
    { what: 'a torn line in the middle', text: `${line(started)}{"event":"tri\n${line(trialStarted(0))}`, at: 2 },
    { what: 'an unknown event', text: `${line(started)}{"event":"trial.danced"}\n`, at: 2 },
    { what: 'a trial without an index', text: `${line(started)}{"event":"trial.started","arm":"fear"}\n`, at: 2 },
    { what: 'no version', text: line(trialStarted(0)), at: 1 },
    { what: 'a newer version', text: '{"event":"run.started","schema":2}\n', at: 1 },
    { what: 'an older version', text: '{"event":"run.started","schema":0}\n', at: 1 },
    { what: 'an empty line', text: `${line(started)}\n${line(trialStarted(0))}`, at: 2 },
  ])('is an error at its line: $what', async ({ text, at }) => {
    writeFileSync(file, text)
    await expect(readJournal(file)).rejects.toThrow(JournalError)
    await expect(readJournal(file)).rejects.toThrow(`${file}:${at}  `)
    await expect(openJournal(file)).rejects.toThrow(JournalError)
    expect(readFileSync(file, 'utf8')).toBe(text)
  })
})

describe('a journal of another version of the format', () => {
  it.each([
    [0, 'version 0 of the journal.s format; this program reads version 1. Use the version of fear-nas that wrote it'],
    [2, 'version 2 of the journal.s format; this program reads version 1. Update fear-nas'],
  ])('%i: says what to do', async (schema, message) => {
    writeFileSync(file, `{"event":"run.started","schema":${schema}}\n`)
    await expect(readJournal(file)).rejects.toThrow(new RegExp(message))
  })

  it('of a file that is no journal is an error, and the file stays', async () => {
    writeFileSync(file, 'my notes')
    await expect(openJournal(file)).rejects.toThrow('is left unchanged')
    expect(readFileSync(file, 'utf8')).toBe('my notes')
  })
})

describe('replay', () => {
  it('rebuilds what every arm did', () => {
    const run = replay(events)
    expect(run?.started).toEqual(started)
    const arm = run?.arms.get('fear')
    expect([...(arm?.proposals.keys() ?? [])]).toEqual([0, 1])
    expect(arm?.trials.get(0)).toMatchObject({ index: 0, architecture: '|a~0|', outcome: { kind: 'below-threshold' } })
    expect(arm?.finalists.get(1)).toEqual(failed())
    expect(arm?.wallSeconds).toBe(5)
    expect(arm?.finished?.best).toEqual({ trial: 1, testAccuracy: 0.5 })
  })

  it('tells trials that were running from those that finished', () => {
    const arm = replay(events.slice(0, 4))?.arms.get('fear')
    expect([...(arm?.proposals.keys() ?? [])]).toEqual([0, 1])
    expect([...(arm?.trials.keys() ?? [])]).toEqual([1])
    expect(arm?.wallSeconds).toBe(1.5)
    expect(arm?.finished).toBeNull()
  })

  it('makes nothing of an empty journal', () => {
    expect(replay([])).toBeNull()
  })
})
