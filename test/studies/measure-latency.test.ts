import { expect, it } from 'vitest'
import type { LatencyMeter } from '../../src/benchmarks/latency-meter.js'
import type { JournalEvent } from '../../src/journal/journal-event.js'
import { replay } from '../../src/journal/replay.js'
import { runStudy } from '../../src/studies/run-study.js'
import { toyWorld } from '../search/toy-evaluation.js'
import { toyStudy } from './toy-study.js'

const hardware = { cpu: 'x', physicalCores: 1, logicalCores: 1, memoryBytes: 1, platform: 'x', node: 'x' }
const about = { date: '2026-01-01T00:00:00.000Z', config: {}, seed: 7, hardware, engine: 'toy' }
const started: JournalEvent = { event: 'run.started', schema: 1, command: 'compare', ...about }

/** A meter whose every answer is another. */
function countingMeter(): LatencyMeter & { readonly asked: string[] } {
  const asked: string[] = []
  return {
    asked,
    seconds: () => {
      throw new Error('there is no limit')
    },
    report(architecture) {
      asked.push(architecture)
      return [
        { batch: 1, milliseconds: asked.length, imagesPerSecond: 1000 / asked.length },
        { batch: 64, milliseconds: 16, imagesPerSecond: 4000 },
      ]
    },
  }
}

async function run(earlier: readonly JournalEvent[], latency?: LatencyMeter, signal?: AbortSignal) {
  const recorded: JournalEvent[] = [...earlier]
  const append = async (event: JournalEvent): Promise<void> => void recorded.push(event)
  const journal = { append, flush: async () => {}, close: async () => {} }
  const { result } = await runStudy(toyStudy, { ...toyWorld(2), journal, latency, stop: signal }, replay(earlier))
  return { recorded, best: result.arms.map(({ best, latency }) => best && { ...best, ...(latency && { latency }) }) }
}

it('the final network of each arm is measured once, last of all, and the result is recorded', async () => {
  const meter = countingMeter()
  const { recorded, best } = await run([started], meter)
  expect(meter.asked).toEqual(best.map((network) => network?.architecture))
  expect(best.map((network) => network?.latency?.map(({ milliseconds }) => milliseconds))).toEqual([
    [1, 16],
    [2, 16],
  ])
  const reported = recorded.flatMap((event, i) => (event.event === 'latency.reported' ? [{ ...event, i }] : []))
  expect(reported.map(({ arm, trial, latency }) => ({ arm, trial, latency }))).toEqual(
    best.map((network, i) => ({ arm: ['fear', 'full'][i], trial: network?.trial, latency: network?.latency })),
  )
  for (const { arm, i } of reported) expect(recorded[i + 1]).toMatchObject({ event: 'arm.finished', arm })
})

it('a resumed run has the recorded figures, wherever it was cut, and measures nothing twice', async () => {
  const { recorded, best } = await run([started], countingMeter())
  const measured = recorded.findIndex(({ event }) => event === 'latency.reported')
  const again = countingMeter()
  const after = await run(recorded.slice(0, measured + 1), again)
  expect(after.best[0]).toEqual(best[0])
  expect(again.asked).toEqual([best[1]?.architecture])
  const finished = countingMeter()
  expect((await run(recorded, finished)).best).toEqual(best)
  expect(finished.asked).toEqual([])
})

it('nothing is measured where there is no engine, nor of an arm that an older version finished', async () => {
  const { recorded, best } = await run([started])
  expect(recorded.map(({ event }) => event)).not.toContain('latency.reported')
  for (const network of best) expect(network).not.toHaveProperty('latency')
  const meter = countingMeter()
  expect((await run(recorded, meter)).best).toEqual(best)
  expect(meter.asked).toEqual([])
})
