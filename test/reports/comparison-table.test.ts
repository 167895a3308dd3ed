import { describe, expect, it } from 'vitest'
import { createProgressReporter } from '../../src/cli/progress.js'
import { ManualClock } from '../../src/platform/clock.js'
import { renderComparisons } from '../../src/reports/comparison-table.js'
import { renderRepetitions } from '../../src/reports/repetitions-table.js'
import { renderSummary } from '../../src/reports/table.js'
import { poolRepetitions } from '../../src/results/repetitions.js'
import { summarise } from '../../src/results/summary.js'
import type { SearchEvent } from '../../src/search/search-event.js'
import { runStudy } from '../../src/studies/run-study.js'
import { toyFear, toyWorld } from '../search/toy-evaluation.js'
import { toyStudy } from '../studies/toy-study.js'

const facts = { command: 'fear-nas compare', config: { seed: 7 } } as unknown as Parameters<typeof summarise>[0]
const [first, full] = toyStudy.arms
const arms = [
  first,
  full,
  { ...first, name: 'patient', evaluator: { ...toyFear, ratio: null, maxEpochs: 11 } },
] as typeof toyStudy.arms

async function summary(searches: number) {
  const resampling = searches === 0 ? null : { searches, architectures: null, replacement: true }
  return summarise(facts, (await runStudy({ ...toyStudy, arms, resampling }, toyWorld(2))).result)
}

describe('the table of comparisons', async () => {
  const whole = await summary(100)

  it('has a column for each arm, and each figure with its interval', () => {
    const [table = '', ...notes] = renderComparisons(whole)
    expect(table).toMatch(/against full +│ fear +│ patient /)
    const { low, high } = whole.resampling?.comparisons.fear?.speedup.trainingFlops ?? {}
    expect(table).toContain(`${whole.speedup?.trainingFlops?.toFixed(2)}x [${low?.toFixed(2)}, ${high?.toFixed(2)}]`)
    expect(table).toMatch(/test accuracy +│ [+-]\d+\.\d\d points \[[+-]\d+\.\d\d, [+-]\d+\.\d\d\]/)
    expect(notes.join('\n')).toContain(
      '95 % of 100 searches of 30 architectures, drawn with replacement from the 30 measured',
    )
    expect(notes.join('\n')).toMatch(
      /fear: \d+\.\d\d evaluations per search are extrapolated beyond the measurement and assumed to get no score/,
    )
  })

  it('has no brackets without resampling, and is absent where nothing is compared', async () => {
    const bare = await summary(0)
    expect(renderComparisons(bare)).toHaveLength(1)
    expect(renderComparisons(bare)[0]).not.toContain('[')
    expect(renderComparisons({ ...bare, comparisons: {} })).toEqual([])
  })

  it('of repetitions has means, with a dash for the bounds of fewer than three runs', () => {
    const two = renderRepetitions(poolRepetitions([whole, whole]))
    expect(two).toContain(`│ ${whole.speedup?.trainingFlops?.toFixed(2)}x [-] `)
    expect(two).toContain('means over the seeds 7, 7; in brackets: ')
    expect(two).toContain('which needs at least three seeds')
    expect(renderRepetitions(poolRepetitions([whole, whole, whole]))).toMatch(/points \[[+-]\d+\.\d\d, [+-]\d+\.\d\d\]/)
  })
})

describe('the summary of a run that had to find its threshold', async () => {
  const auto = { ...toyFear, threshold: 'auto' } as const
  const events: SearchEvent[] = []
  const study = { ...toyStudy, arms: [{ ...arms[0], evaluator: auto }, full] as typeof toyStudy.arms }
  const { result } = await runStudy(study, { ...toyWorld(2), onEvent: (event) => events.push(event) })
  const { calibration } = result.arms[0] ?? {}
  const percent = `${(100 * (calibration?.threshold ?? 0)).toFixed(2)} %`

  it('has a row that says what was found and what it took; others have none', async () => {
    expect(renderSummary(summarise(facts, result))).toMatch(
      new RegExp(`calibrated threshold +│ ${percent.replace('.', '\\.')} \\(\\d+ (s|min \\d\\d s)\\) +│ - `),
    )
    expect(renderSummary(await summary(0))).not.toContain('calibrated threshold')
  })

  it('was told so while it ran', () => {
    let text = ''
    const stream = { isTTY: false, write: (line: string) => (text += line) } as unknown as NodeJS.WriteStream
    const progress = createProgressReporter({ stream, clock: new ManualClock(), quiet: false })
    for (const event of events) progress.event(event)
    expect(text).toContain('fear: calibrating the threshold with 5 networks\n')
    expect(text).toContain(`fear: threshold ${percent} (`)
    expect(text.indexOf('threshold')).toBeLessThan(text.indexOf('fear: random search with fear'))
  })
})

describe('pooled figures', () => {
  it('are the mean with Student’s interval, over the runs that have one', async () => {
    const run = await summary(0)
    const runs = [2, 3, 7, null].map((trainingFlops) => ({
      ...run,
      comparisons: { fear: { ...run.comparisons.fear, speedup: { ...run.speedup, trainingFlops } } },
    })) as unknown as (typeof run)[]
    const figure = poolRepetitions(runs).comparisons.fear?.speedup.trainingFlops
    expect(figure?.values).toEqual([2, 3, 7, null])
    expect(figure?.mean).toBe(4)
    // scipy.stats.t.interval(.95, 2, loc=4, scale=scipy.stats.sem([2, 3, 7])): -2.5724, 10.5724. The quantile is an
    // expansion, 0.75 % too small at two degrees of freedom.
    expect(figure?.low).toBeCloseTo(-2.5724, 0)
    expect(figure?.high).toBeCloseTo(10.5724, 0)
  })
})
