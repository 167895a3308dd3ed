import { writeFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { replayJournal } from '../../src/journal/replay-journal.js'
import { temporaryFolder } from '../support/temporary-folder.js'
import { runStarted } from './arbitrary-journal.js'

const folder = temporaryFolder('event-order')
const file = path.join(folder, 'journal.jsonl')
const cost = { computeSeconds: 1, trainingFlops: 1, steps: 1, epochs: 1 }
const outcome = { kind: 'below-threshold', bestTrainAccuracy: 0.5, cost, phases: {} }
const at = (trial: number): object => ({ arm: 'fear', trial, architecture: '|a~0|' })
const started = (trial: number, place: object = {}): object => ({ event: 'trial.started', ...at(trial), ...place })
const finished = (trial: number): object => ({ event: 'trial.finished', ...at(trial), outcome, wallSeconds: 1 })

function replayed(...events: readonly object[]): ReturnType<typeof replayJournal> {
  writeFileSync(file, [runStarted, ...events].map((event) => `${JSON.stringify(event)}\n`).join(''))
  return replayJournal(file)
}

describe('a journal that is gone on with', () => {
  it('has trials that finish out of order, and are started again', async () => {
    const { run } = await replayed(started(0), started(1), finished(1), started(0), finished(0), started(2))
    expect([...(run?.arms.get('fear')?.trials.keys() ?? [])]).toEqual([1, 0])
  })

  it.each([
    [
      'a trial beyond the next one',
      [started(0), finished(7)],
      ':3  cannot follow the lines before it: trial 7 comes before trial 1 of its arm.',
    ],
    [
      'a promotion of a later trial',
      [started(0, { promotes: 0 })],
      ':2  cannot follow the lines before it: trial 0 promotes trial 0, a later one.',
    ],
    [
      'seeds of a later trial',
      [started(0, { origin: 3 })],
      ':2  cannot follow the lines before it: trial 0 has its seeds from trial 3, a later one.',
    ],
    [
      'a finalist that is no trial',
      [started(0), { event: 'finalist.finished', ...at(1), outcome, wallSeconds: 1 }],
      ':3  cannot follow the lines before it: its arm has started no trial 1.',
    ],
    [
      'a test of a network that is no trial',
      [{ event: 'test.finished', ...at(0), testAccuracy: 0.5 }],
      ':2  cannot follow the lines before it: its arm has started no trial 0.',
    ],
    [
      'a second beginning',
      [runStarted],
      ':2  is not a journal event that this version knows: run.started must be the first line.',
    ],
  ])('has not %s', async (_, events, message) => {
    await expect(replayed(...events)).rejects.toThrow(file + message)
  })
})

describe('an event', () => {
  it.each([
    ['negative seconds', finished(0), { wallSeconds: -1 }, 'wallSeconds must be seconds in 0..1000000000000, got -1.'],
    [
      'an accuracy above 1',
      finished(0),
      { outcome: { ...outcome, bestTrainAccuracy: 5 } },
      'outcome.bestTrainAccuracy must be a number in 0..1, got 5.',
    ],
    [
      'an unknown kind',
      finished(0),
      { outcome: { ...outcome, kind: 'toString' } },
      'outcome.kind must be one of scored, rejected,',
    ],
    [
      'a cost that is text',
      finished(0),
      { outcome: { ...outcome, phases: { train: { ...cost, steps: '1' } } } },
      'outcome.phases.train.steps must be a number in 0..1e+30, got "1".',
    ],
    [
      'no cost',
      finished(0),
      { outcome: { ...outcome, cost: undefined } },
      'outcome.cost must be an object, got nothing.',
    ],
    [
      'an index that is no whole number',
      started(0),
      { trial: 0.5 },
      'trial must be a whole number in 0..4294967296, got 0.5.',
    ],
  ])('with %s is refused by its place and field', async (_, event, change, message) => {
    await expect(replayed({ ...event, ...change })).rejects.toThrow(
      `${file}:2  is not a journal event that this version knows: ${message}`,
    )
  })

  it('may have fields of newer versions', async () => {
    expect((await replayed({ ...started(0), newer: { field: 1 } })).run?.arms.size).toBe(1)
  })
})
