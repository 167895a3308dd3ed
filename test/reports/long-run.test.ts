import { appendFileSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { noCost } from '../../src/evaluators/outcome.js'
import { layouts } from '../../src/reports/charts/chart.js'
import { chartsOf } from '../../src/reports/charts/registry.js'
import { renderReport } from '../../src/reports/html/report.js'
import { mostReadTrials, type RecordedStudy, readRecordedRun } from '../../src/results/recorded-run.js'
import { oneArm, recordToyStudy } from './toy-report.js'

describe('the report of a search of many trials', async () => {
  const { directory, summary } = await recordToyStudy('long', { arms: oneArm })
  const [fear] = Object.keys(summary.arms)

  it('draws a part of the points, and every improvement of the best', async () => {
    const run = (await readRecordedRun(directory)) as RecordedStudy
    const scores = Array.from({ length: 40_000 }, (_, i) => ((i * 7919) % 40_000) / 40_001)
    const trials = scores.map((score, index) => {
      const outcome = { kind: 'scored', score, metric: 'train-accuracy', trainAccuracy: score } as const
      return {
        index,
        architecture: `a${index}`,
        outcome: { ...outcome, validationAccuracy: null, cost: noCost, phases: {} },
      }
    })
    const arm = run.arms.get('fear')
    if (arm === undefined) throw new Error('the study has an arm fear')
    const arms = new Map([['fear', { ...arm, trials: new Map(trials.map((trial) => [trial.index, trial])) }]])
    const chart = chartsOf({ ...run, arms }).find(({ name }) => name === 'score-by-trial')
    const spec = chart?.spec(layouts.wide) as { data: { values: { trial: number; score: number; best: number }[] } }
    const { values } = spec.data
    expect(chart?.caption).toContain('For more than 1500 architectures, an evenly spaced part is drawn')
    expect(values.length).toBeLessThan(1600)
    expect(values.at(-1)?.trial).toBe(39_999)
    let best = -Infinity
    const raised = scores.flatMap((score, i) => {
      const raises = score > best
      best = Math.max(best, score)
      return raises ? [i] : []
    })
    expect(values.filter(({ best, score }) => best === score).map(({ trial }) => trial)).toEqual(raised)
  })

  it('does not read the trials of more than it can draw, and says so', async () => {
    const arms = { ...summary.arms, [fear ?? '']: { ...summary.arms.fear, trials: mostReadTrials + 1 } }
    writeFileSync(path.join(directory, 'summary.json'), JSON.stringify({ ...summary, arms }))
    // It would be refused if it were read.
    appendFileSync(path.join(directory, 'journal.jsonl'), 'damaged\n')
    const page = await renderReport(await readRecordedRun(directory))
    expect(page).toContain('Charts of single trials are left out: this run has 50001, and they show at most 50000.')
    expect(page).not.toContain('id="score-by-trial"')
    expect(page).toContain('id="ledger"')
    writeFileSync(path.join(directory, 'summary.json'), JSON.stringify(summary))
    await expect(readRecordedRun(directory)).rejects.toThrow('is not a complete JSON line')
    expect(readFileSync(path.join(directory, 'journal.jsonl'), 'utf8')).toContain('damaged')
  })
})
