import { execFileSync } from 'node:child_process'
import { appendFileSync, mkdirSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { readJournal } from '../../src/journal/read-journal.js'
import { digestJournal } from '../../src/journal/run-digest.js'
import { eventsSince, lastEvents } from '../../src/journal/tail-journal.js'
import { temporaryFolder } from '../support/temporary-folder.js'
import { runStarted } from './arbitrary-journal.js'

const folder = temporaryFolder('journal-limits')
const first = `${JSON.stringify(runStarted)}\n`

/** A journal of its own with these bytes; `.gz` of those. */
function journal(name: string, bytes: string | Buffer): string {
  const file = path.join(folder, name)
  writeFileSync(file, bytes)
  return file
}

const readers: readonly (readonly [name: string, read: (file: string) => Promise<unknown>])[] = [
  ['readJournal', readJournal],
  ['digestJournal', digestJournal],
  ['lastEvents', (file) => lastEvents(file, 10, () => true)],
]

describe.each(readers)('%s', (_, read) => {
  it('refuses a line of 700 MB in little memory', async () => {
    const file = journal('long-line.jsonl', first)
    // A hole: the disk holds none of it.
    truncateSync(file, 700e6)
    const before = process.memoryUsage.rss()
    await expect(read(file)).rejects.toThrow(
      `${file}:2  is longer than 16777216 bytes, the limit for a line of a journal. The journal is damaged;`,
    )
    expect(process.memoryUsage.rss() - before).toBeLessThan(400e6)
    rmSync(file)
  })

  it('refuses a compressed line without an end', async () => {
    const file = journal('long-line.jsonl.gz', gzipSync(Buffer.concat([Buffer.from(first), Buffer.alloc(30e6, ' ')])))
    await expect(read(file)).rejects.toThrow(`${file}:2  is longer than 16777216 bytes`)
  })

  it('refuses a small file that unpacks to a large one, even of good lines', async () => {
    const line = `${JSON.stringify({ event: 'run.finished', date: '2026-01-01', stopped: false, filler: 'x'.repeat(50_000) })}\n`
    const bytes = gzipSync(first + line.repeat(1500))
    const file = journal('bomb.jsonl.gz', bytes)
    await expect(read(file)).rejects.toThrow(
      new RegExp(`:13\\d\\d  The file has ${bytes.length} bytes and unpacks to more than the limit of 67108864`),
    )
  })

  it('refuses a folder, a device and a named pipe, which nobody writes to, without waiting', async () => {
    mkdirSync(path.join(folder, 'folder.jsonl'), { recursive: true })
    await expect(read(path.join(folder, 'folder.jsonl'))).rejects.toThrow('is a folder; a plain file is expected')
    await expect(read('/dev/zero')).rejects.toThrow('is a device; a plain file is expected')
    const pipe = path.join(folder, 'pipe.jsonl')
    rmSync(pipe, { force: true })
    execFileSync('mkfifo', [pipe])
    await expect(read(pipe)).rejects.toThrow('is a named pipe; a plain file is expected')
  })

  it('names the line of a bad event far from the start', async () => {
    const events = Array.from({ length: 3000 }, (_, trial) =>
      JSON.stringify({ event: 'trial.started', arm: 'ä', trial, architecture: '|a~0|' }),
    )
    const bad = events.with(2995, '{"event":"test.finished","arm":"ä","trial":1,"architecture":"a","testAccuracy":5}')
    const file = journal('far.jsonl', `${first}${bad.join('\n')}\n`)
    await expect(read(file)).rejects.toThrow(
      `${file}:2997  is not a journal event that this version knows: testAccuracy must be a number in 0..1, got 5.`,
    )
  })
})

describe('a journal that is followed', () => {
  it('is refused once it has a line that is too long, by its number', async () => {
    const file = journal('followed.jsonl', first)
    const { end } = await lastEvents(file, 10, () => true)
    truncateSync(file, 30e6)
    await expect(eventsSince(file, end ?? 0)).rejects.toThrow(`${file}:2  is longer than 16777216 bytes`)
  })

  it('names the line of a bad event', async () => {
    const file = journal('followed.jsonl', first)
    const { end } = await lastEvents(file, 10, () => true)
    appendFileSync(file, '{"event":"run.finished","date":"d","stopped":false}\n{"event":"run.finished","date":5}\n')
    await expect(eventsSince(file, end ?? 0)).rejects.toThrow(`${file}:3  is not a journal event`)
  })
})

describe('the bytes of complete lines', () => {
  it('are those of the file, also where it is no valid UTF-8', async () => {
    const line = Buffer.concat([
      Buffer.from('{"event":"run.finished","date":"'),
      Buffer.of(0xff, 0xc3),
      Buffer.from('","stopped":true}\n'),
    ])
    const bytes = Buffer.concat([Buffer.from(first), line])
    const file = journal('invalid.jsonl', Buffer.concat([bytes, Buffer.from('{"event"')]))
    expect((await readJournal(file)).completeBytes).toBe(bytes.length)
    expect((await lastEvents(file, 1, () => true)).end).toBe(bytes.length)
  })
})
