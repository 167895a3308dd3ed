import { describe, expect, it } from 'vitest'
import type { Chart } from '../../src/reports/charts/chart.js'
import { layouts } from '../../src/reports/charts/chart.js'
import { chartsOf } from '../../src/reports/charts/registry.js'
import { renderStandalone, renderSvg } from '../../src/reports/charts/render.js'
import { palette } from '../../src/reports/charts/theme.js'
import { type RecordedStudy, readRecordedRun } from '../../src/results/recorded-run.js'
import { toyInTraining, toyInTrainingAlone } from './toy-in-training.js'
import { toyRanking } from './toy-ranking.js'
import { oneArm, recordToyStudy, threeArms } from './toy-report.js'

const resampling = { searches: 60, architectures: null, replacement: true }
const comparison = (await readRecordedRun(
  (
    await recordToyStudy('charts', { arms: threeArms, resampling })
  ).directory,
)) as RecordedStudy
const search = await readRecordedRun((await recordToyStudy('search', { arms: oneArm })).directory)
const ranking = toyRanking()
const inTraining = toyInTraining()

const named = (charts: readonly Chart[], name: string): Chart => charts.find((chart) => chart.name === name) as Chart

/** The marks of one kind that a picture holds, apart from its legend. */
const marks = (svg: string, role: string): number => {
  const groups = svg.split('class="mark-').filter((part) => part.startsWith(`${role} role-mark`))
  return groups.flatMap((group) => [...(group.split('</g>')[0] ?? '').matchAll(/<(?:path|circle) /g)]).length
}

describe('charts', () => {
  it('are those that a run has something for', () => {
    expect(chartsOf(comparison).map(({ name }) => name)).toEqual([
      'ledger',
      'anytime',
      'accuracy-against-compute',
      'pareto',
      'score-against-truth',
      'time-to-threshold',
    ])
    expect(chartsOf(search).map(({ name }) => name)).toEqual([
      'ledger',
      'pareto',
      'score-by-trial',
      'time-to-threshold',
    ])
    expect(chartsOf(ranking).map(({ name }) => name)).toEqual([
      'seconds-against-spearman',
      'seconds-against-common-ratio',
      'score-against-truth',
    ])
    expect(chartsOf(inTraining).map(({ name }) => name)).toEqual([
      'seconds-against-spearman',
      'seconds-against-common-ratio',
      'in-training',
      'score-against-truth',
    ])
    expect(chartsOf(toyInTrainingAlone()).map(({ name }) => name)).toEqual(['in-training', 'score-against-truth'])
  })

  it('are none of measures in training where the summary is older than those, or nothing was ranked', () => {
    const { inTraining: _, ...older } = ranking.summary
    expect(chartsOf({ ...ranking, summary: older as typeof ranking.summary })).toHaveLength(3)
    const study = inTraining.summary.inTraining as NonNullable<typeof inTraining.summary.inTraining>
    const epochs = { architectures: 0, curves: study.epochs.curves.map((curve) => ({ ...curve, points: [] })) }
    const summary = { ...inTraining.summary, inTraining: { ...study, epochs } }
    expect(chartsOf({ ...inTraining, summary })).toHaveLength(3)
  })

  const oneEpoch = toyInTrainingAlone({ epochs: [4], measures: ['synflow'] })
  const all = [comparison, search, ranking, inTraining, oneEpoch].flatMap((run) =>
    chartsOf(run).flatMap((chart) => Object.entries(layouts).map(([name, layout]) => ({ chart, name, layout, run }))),
  )

  it.each(all.map((one) => [`${one.run.summary.command} ${one.chart.name} ${one.name}`, one] as const))(
    '%s: compiles without a warning, fits its width, the same every time',
    async (_, { chart, layout }) => {
      const warnings: string[] = []
      const svg = await renderSvg(chart, layout, (message) => warnings.push(message))
      expect(warnings).toEqual([])
      const [, width] = /viewBox="0 0 ([\d.]+) /.exec(svg) ?? []
      // A little more is shrunk by the page; much more would be too small to read.
      expect(Number(width)).toBeLessThan(layout.width * 1.08)
      expect(Number(width)).toBeGreaterThan(layout.width * 0.75)
      expect(svg).toContain('role="img"')
      expect(svg).not.toMatch(/NaN|undefined|https?:(?!\/\/www\.w3\.org)/)
      expect(await renderSvg(chart, layout)).toBe(svg)
    },
  )

  it('have no colour but those that have a dark one', async () => {
    const known = new Set<string>(Object.values(palette).map(({ light }) => light))
    for (const { chart, layout } of all) {
      const svg = await renderSvg(chart, layout)
      const used = [...svg.matchAll(/(?:fill|stroke)="([^"]+)"/g)].map((match) => match[1] as string)
      const plain = new Set(used.filter((value) => value !== 'none' && value !== 'transparent'))
      expect([...plain].filter((value) => !known.has(value))).toEqual([])
    }
    expect(new Set(known).size).toBe(Object.keys(palette).length)
  })
})

describe('what is drawn', () => {
  it('is a point for each architecture that both arms scored, the best tenth filled', async () => {
    const svg = await renderSvg(named(chartsOf(comparison), 'score-against-truth'), layouts.wide)
    const scored = ['fear', 'patient'].map((arm) => comparison.summary.arms[arm]?.outcomes.scored ?? 0)
    expect(Math.min(...scored)).toBeGreaterThan(5)
    expect(marks(svg, 'symbol')).toBe((scored[0] ?? 0) + (scored[1] ?? 0))
    const filled = [...svg.matchAll(/<circle [^>]*fill="#(?:d55e00|e69f00)"[^>]*/g)]
    expect(filled).toHaveLength(scored.reduce((sum, count) => sum + Math.floor(count / 10), 0))
  })

  it('is a bar for each part of the bill, as long as its seconds', async () => {
    const svg = await renderSvg(named(chartsOf(comparison), 'ledger'), layouts.wide)
    expect(marks(svg, 'rect')).toBe(3 + 3 + 1)
    for (const total of ['fear', 'patient', 'full']) expect(svg).toContain(`>${total}</text>`)
  })

  it('is every network that was trained in full, by both sizes, and a line for each arm', async () => {
    const chart = named(chartsOf(comparison), 'pareto')
    const svg = await renderSvg(chart, layouts.wide)
    const { arms } = comparison.summary
    const networks = Object.values(arms).reduce((sum, { pareto }) => sum + pareto.accuracy.networks, 0)
    expect(networks).toBe(30 + 3 + 3)
    expect(marks(svg, 'symbol')).toBe(2 * networks)
    expect(marks(svg, 'line')).toBe(2 * 3)
    expect(chart.caption).toContain('3 finalists of fear, 3 finalists of patient, all 30 of full')
  })

  it('is no front where the summary is older than those', () => {
    const older = Object.entries(comparison.summary.arms).map(([name, { pareto: _, ...arm }]) => [name, arm])
    const summary = { ...comparison.summary, arms: Object.fromEntries(older) }
    expect(chartsOf({ ...comparison, summary }).map(({ name }) => name)).not.toContain('pareto')
  })

  it('is every rejection in the histogram', () => {
    const { outcomes } = comparison.summary.arms.fear ?? {}
    expect(outcomes?.rejected).toBeGreaterThan(0)
    const { alt } = named(chartsOf(comparison), 'time-to-threshold')
    expect(alt).toContain(`fear: ${outcomes?.scored} reached the threshold, ${outcomes?.rejected} rejected`)
  })

  it('is a method in each panel of a ranking', async () => {
    const svg = await renderSvg(named(chartsOf(ranking), 'seconds-against-spearman'), layouts.wide)
    expect(marks(svg, 'symbol')).toBe(6 * 3)
    expect(svg).toContain('zero-cost &lt;synflow&gt;')
    const ratio = await renderSvg(named(chartsOf(ranking), 'seconds-against-common-ratio'), layouts.wide)
    expect(marks(ratio, 'symbol')).toBe(5 * 3)
  })

  it('is a panel for each measure in training and both accuracies, with a point for each epoch', async () => {
    const chart = named(chartsOf(inTraining), 'in-training')
    for (const layout of Object.values(layouts)) {
      const svg = await renderSvg(chart, layout)
      for (const name of ['grad_norm', 'jacob_cov', 'synflow', 'train-accuracy', 'validation-accuracy']) {
        expect(svg).toContain(`>${name}</text>`)
      }
      // Train accuracy has none before training.
      expect(marks(svg, 'symbol')).toBe(5 * 5 - 1)
      expect(marks(svg, 'area')).toBe(5)
      // Over all architectures and over the best of them.
      expect(marks(svg, 'line')).toBe(5 * 2)
    }
    expect(chart.caption).toContain('over 40 architectures')
    expect(chart.alt).toMatch(/jacob_cov: [\d.]+ before training, -?[\d.]+ after 8 epochs/)
  })

  it('is a rule for an interval where there is one epoch', async () => {
    const once = toyInTrainingAlone({ epochs: [4], measures: ['synflow'] })
    const svg = await renderSvg(named(chartsOf(once), 'in-training'), layouts.wide)
    expect(marks(svg, 'symbol')).toBe(3)
    expect(marks(svg, 'area')).toBe(0)
    expect(svg).toMatch(/>synflow<\/text>/)
  })
})

describe('a chart as a file', () => {
  it('brings its background and its dark colours', async () => {
    const svg = await renderStandalone(named(chartsOf(comparison), 'ledger'))
    expect(svg).toMatch(
      /^<svg [^>]*xmlns="http:\/\/www\.w3\.org\/2000\/svg"[^>]*><style>@media \(prefers-color-scheme: dark\)/,
    )
    expect(svg).toContain(`svg [fill="${palette.orange.light}"]{fill:${palette.orange.dark}}`)
    expect(svg).toContain(`<rect width="100%" height="100%" rx="8" fill="${palette.surface.light}"/>`)
  })
})
