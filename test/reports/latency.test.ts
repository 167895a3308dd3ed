import { stripVTControlCharacters } from 'node:util'
import { expect, it } from 'vitest'
import { formatMilliseconds, formatSpeed } from '../../src/reports/format.js'
import { renderReport } from '../../src/reports/html/report.js'
import { renderSummary } from '../../src/reports/table.js'
import { readRecordedRun } from '../../src/results/recorded-run.js'
import { toyWorld } from '../search/toy-evaluation.js'
import { oneArm, recordToyStudy } from './toy-report.js'

const latency = [
  { batch: 1, milliseconds: 0.41234, imagesPerSecond: 2425.2 },
  { batch: 64, milliseconds: 7.03, imagesPerSecond: 9103.8 },
]
const world = { ...toyWorld(2), latency: { report: () => latency, seconds: () => 1 } }
const measured = await recordToyStudy('latency', { arms: oneArm }, undefined, world)

it('a summary, its table and its page have the speed of the final network, with the machine', async () => {
  expect(measured.summary.arms.fear?.latency).toEqual(latency)
  expect(stripVTControlCharacters(renderSummary(measured.summary, 200))).toMatch(
    /its speed, in one thread +│ 0\.412 ms an image, 2,425 images\/s; 9,104 images\/s in batches of 64/,
  )
  const page = await renderReport(await readRecordedRun(measured.directory))
  expect(page).toContain('0.412 ms')
  expect(page).toContain('9,104 images/s in batches of 64, on A &lt;b&gt;fast&lt;/b&gt; &amp; &quot;quiet&quot; one')
})

it('where nothing was measured there is no row', async () => {
  const { directory, summary } = await recordToyStudy('no-latency', { arms: oneArm })
  expect(renderSummary(summary)).not.toContain('its speed')
  expect(await renderReport(await readRecordedRun(directory))).not.toContain('images/s')
})

it('milliseconds and speeds have the digits that one reads', () => {
  expect([0.0123456, 0.41234, 12.345, 1234.5].map(formatMilliseconds)).toEqual([
    '0.0123 ms',
    '0.412 ms',
    '12.3 ms',
    '1,230 ms',
  ])
  expect([0.456, 9.87, 12.4, 9103.8].map(formatSpeed)).toEqual([
    '0.46 images/s',
    '9.9 images/s',
    '12 images/s',
    '9,104 images/s',
  ])
})

it('the Pareto front by time for one image is there where a limit had it measured', async () => {
  expect(stripVTControlCharacters(renderSummary(measured.summary))).not.toContain('by time for one image')
  const limited = oneArm.map((arm) => ({ ...arm, constraints: { latency: { atMostSeconds: 2 } } }))
  const { summary } = await recordToyStudy('limited', { arms: limited }, undefined, world)
  const [fastest] = summary.arms.fear?.pareto.accuracy.latency ?? []
  // All take one second, so that the front is the most accurate of them.
  expect(fastest).toMatchObject({ latencySeconds: 1, value: summary.arms.fear?.best?.validationAccuracy })
  expect(stripVTControlCharacters(renderSummary(summary))).toMatch(/by time for one image +│ 1,000 ms {2}\d+\.\d+ %/)
})
