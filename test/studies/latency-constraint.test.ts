import { describe, expect, it } from 'vitest'
import { LatencyBook } from '../../src/benchmarks/latency-book.js'
import type { LatencyMeter } from '../../src/benchmarks/latency-meter.js'
import type { JournalEvent } from '../../src/journal/journal-event.js'
import { replay } from '../../src/journal/replay.js'
import { networkSize } from '../../src/networks/size.js'
import { limitedSpace } from '../../src/spaces/limited-space.js'
import { natsTss } from '../../src/spaces/nats-tss/index.js'
import { armSpace } from '../../src/studies/arm-space.js'
import { runStudy } from '../../src/studies/run-study.js'
import type { StudyOptions } from '../../src/studies/study.js'
import { hash, toyWorld } from '../search/toy-evaluation.js'
import { toyStudy } from './toy-study.js'

const { macro } = toyStudy.space
const limit = { atMostSeconds: 0.0015 }

/** From 1 to 2 ms; another meter measures otherwise, as another moment does. */
const secondsBy =
  (moment: number) =>
  (architecture: string): number =>
    0.001 + (hash(`${moment} ${architecture}`) % 1000) / 1e6

/** A meter that counts how often each architecture was measured. */
function meterOf(moment: number) {
  const measured = new Map<string, number>()
  const meter: LatencyMeter = {
    report: () => [{ batch: 1, milliseconds: 1, imagesPerSecond: 1000 }],
    seconds(architecture) {
      measured.set(architecture, (measured.get(architecture) ?? 0) + 1)
      return secondsBy(moment)(architecture)
    },
  }
  return { meter, measured }
}

describe('a space within a limit on latency', () => {
  it('holds what is fast enough, and measures only what the other limits allow', () => {
    const asked: string[] = []
    const params = { atLeast: 6_000, atMost: 6_500 }
    const space = limitedSpace(natsTss, { params, latency: limit }, macro, (architecture) => {
      asked.push(architecture)
      return secondsBy(0)(architecture)
    })
    const all = Array.from({ length: natsTss.size }, (_, i) => natsTss.at(i))
    const small = all.filter((architecture) => {
      const size = networkSize(natsTss.network(architecture, macro))
      return size.params >= params.atLeast && size.params <= params.atMost
    })
    const fitting = small.filter((architecture) => secondsBy(0)(architecture) <= 0.0015)
    expect(fitting.length).toBeGreaterThan(10)
    expect(small.length).toBeGreaterThan(fitting.length + 10)
    expect(Array.from({ length: space.size }, (_, i) => space.at(i))).toEqual(fitting)
    expect(asked).toEqual(small)
  })

  it('that nothing meets is refused with the times that were measured, after 200 of them', () => {
    const { meter, measured } = meterOf(0)
    const tooFast = { latency: { atMostSeconds: 0.0005 } }
    expect(() => armSpace(toyStudy.space, tooFast, meter)).toThrow(
      /No architecture of nats-tss is within constraints \(latency at most 0\.5 ms\).*the 200 networks measured take 1(\.\d+)? ms to (1\.\d+|2) ms for one image on this machine\. Change constraints/,
    )
    expect(measured.size).toBe(200)
    expect(() => armSpace(toyStudy.space, { params: { atMost: 1 }, latency: limit }, meter)).toThrow(/to \d+ params/)
  })

  it('needs networks to measure', () => {
    expect(() => armSpace(toyStudy.space, { latency: limit })).toThrow('constraints.latency needs networks to measure')
  })
})

const hardware = { cpu: 'x', physicalCores: 1, logicalCores: 1, memoryBytes: 1, platform: 'x', node: 'x' }
const about = { date: '2026-01-01T00:00:00.000Z', config: {}, seed: 7, hardware, engine: 'toy' }
const started: JournalEvent = { event: 'run.started', schema: 1, command: 'compare', ...about }
const study: StudyOptions = {
  ...toyStudy,
  budget: { trials: 10 },
  arms: toyStudy.arms.map((arm) => ({ ...arm, constraints: { latency: limit } })),
}

async function run(earlier: readonly JournalEvent[], moment: number, workers = 2) {
  const recorded: JournalEvent[] = [...earlier]
  const append = async (event: JournalEvent): Promise<void> => void recorded.push(event)
  const journal = { append, flush: async () => {}, close: async () => {} }
  const known = replay(earlier)
  const { meter, measured } = meterOf(moment)
  const book = new LatencyBook(() => meter, known?.latencies)
  // As in a run: what the check before the journal measures is recorded first.
  armSpace(study.space, { latency: limit }, book.meterOf(study.space))
  book.recordWith((architecture, seconds) => void append({ event: 'latency.measured', architecture, seconds }))
  const services = { ...toyWorld(workers), journal, latency: book.meterOf(study.space) }
  const { arms } = await runStudy(study, services, known)
  const tables = arms.map(({ trials }) => trials.map(({ index, architecture }) => ({ index, architecture })))
  return { recorded, tables, measured }
}

describe('a study within a limit on latency', () => {
  it('measures each architecture once for all arms, and records it before its trial', async () => {
    const { measured, recorded, tables } = await run([started], 0)
    expect([...measured.values()].every((times) => times === 1)).toBe(true)
    const seconds = new Map<string, number>()
    for (const event of recorded) {
      if (event.event === 'latency.measured') seconds.set(event.architecture, event.seconds)
      if (event.event === 'trial.started') expect(seconds.get(event.architecture)).toBeLessThanOrEqual(0.0015)
    }
    expect(seconds.size).toBe(measured.size)
    // Some were too slow, and are recorded as well.
    expect(Math.max(...seconds.values())).toBeGreaterThan(0.0015)
    expect(tables[0]).toHaveLength(10)
    expect(tables[1]).toEqual(tables[0])
    expect((await run([started], 0, 1)).tables).toEqual(tables)
    // Another moment is another search: what a resumed run must not see.
    expect((await run([started], 1)).tables).not.toEqual(tables)
  })

  it('ends with the same table wherever it was cut, though the machine now measures otherwise', async () => {
    const { measured, recorded, tables } = await run([started], 0)
    const last = recorded.findLastIndex(({ event }) => event === 'latency.measured')
    for (let cut = last + 1; cut < recorded.length; cut += 5) {
      const resumed = await run(recorded.slice(0, cut), 1)
      expect(resumed.tables).toEqual(tables)
      expect(resumed.measured.size).toBe(0)
    }
    for (let cut = 1; cut <= last; cut += 3) {
      const resumed = await run(recorded.slice(0, cut), 0)
      expect(resumed.tables).toEqual(tables)
      const known = recorded.slice(0, cut).filter(({ event }) => event === 'latency.measured').length
      expect(resumed.measured.size).toBe(measured.size - known)
    }
  })
})
