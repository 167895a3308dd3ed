import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { openJournal } from '../../src/journal/journal.js'
import { type JournalContents, readJournal } from '../../src/journal/read-journal.js'
import { temporaryFolder } from '../support/temporary-folder.js'
import { cutLines, type RunSession, rankingSession, studySession } from './toy-runs.js'

// In memory where there is such a folder: thousands of files are written.
const folder = temporaryFolder('cuts', existsSync('/dev/shm') ? '/dev/shm' : tmpdir())
const cutFile = path.join(folder, 'cut.jsonl')

/** Everything that a run finished, whichever session did it; measured seconds are those of a simulation, and differ. */
function tableOf({ events }: JournalContents): readonly string[] {
  const withoutSeconds = (key: string, value: unknown): unknown => (key === 'wallSeconds' ? undefined : value)
  return events
    .filter(({ event }) => event.endsWith('.finished') && event !== 'run.finished')
    .map((event) => JSON.stringify(event, withoutSeconds))
    .toSorted()
}

describe.each([
  ['a comparison: calibration, FEAR by work, finalists, full training, tests', studySession],
  ['a ranking: full training and two methods', rankingSession],
])('%s', (_, session: RunSession) => {
  let text: string
  let whole: JournalContents
  let result: unknown

  beforeAll(async () => {
    const file = path.join(folder, 'whole.jsonl')
    rmSync(file, { force: true })
    result = await session(file)
    text = readFileSync(file, 'utf8')
    whole = await readJournal(file)
  })

  it('records each trial, finalist, test and calibration once', () => {
    expect(new Set(tableOf(whole)).size).toBe(tableOf(whole).length)
    expect(tableOf(whole).length).toBeGreaterThan(10)
  })

  it('ends the same when its journal is cut after any line: nothing is lost, nothing doubled', async () => {
    for (const end of cutLines(text)) {
      writeFileSync(cutFile, text.slice(0, end))
      expect(await session(cutFile)).toEqual(result)
      const after = readFileSync(cutFile, 'utf8')
      expect(after.startsWith(text.slice(0, end))).toBe(true)
      expect(tableOf(await readJournal(cutFile))).toEqual(tableOf(whole))
    }
  })

  it('ends the same when it is cut in the middle of any line, and of any line of the session after that', async () => {
    for (const [i, end] of cutLines(text).entries()) {
      writeFileSync(cutFile, text.slice(0, end + 17 + i))
      await session(cutFile)
      const second = readFileSync(cutFile, 'utf8')
      // As deep into the second session as the first cut was into the first.
      writeFileSync(cutFile, second.slice(0, Math.max(end, Math.floor((second.length * (i + 1)) / 40))))
      expect(await session(cutFile)).toEqual(result)
      expect(tableOf(await readJournal(cutFile))).toEqual(tableOf(whole))
    }
  })
})

describe('a journal with a line of each kind', () => {
  it('is, cut at every single byte, cut back to its complete lines, which are all that a session sees', async () => {
    const whole = path.join(folder, 'kinds.jsonl')
    await studySession(whole)
    const lines = readFileSync(whole, 'utf8').split(/(?<=\n)/)
    const kindOf = (line: string): string => JSON.parse(line).event
    const text = lines.filter((line, i) => lines.findIndex((other) => kindOf(other) === kindOf(line)) === i).join('')
    const ends = cutLines(text)
    expect(ends).toHaveLength(1 + 9)
    const cutAt = async (length: number): Promise<void> => {
      const file = path.join(folder, `cut-${length % 64}.jsonl`)
      writeFileSync(file, text.slice(0, length))
      await (await openJournal(file)).close()
      const complete = ends.findLast((end) => end <= length) ?? 0
      if (readFileSync(file, 'utf8') !== text.slice(0, complete)) throw new Error(`cut at byte ${length}`)
    }
    for (let length = 0; length <= text.length; length += 64) {
      const lengths = Array.from({ length: Math.min(64, text.length + 1 - length) }, (_, i) => length + i)
      await Promise.all(lengths.map(cutAt))
    }
  })
})
