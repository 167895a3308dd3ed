import { stripVTControlCharacters } from 'node:util'
import { describe, expect, it } from 'vitest'
import { renderReport } from '../../src/reports/html/report.js'
import { renderPareto } from '../../src/reports/pareto-table.js'
import { renderSummary } from '../../src/reports/table.js'
import { readRecordedRun } from '../../src/results/recorded-run.js'
import { oneArm, recordToyStudy, threeArms } from './toy-report.js'

const compared = await recordToyStudy('fronts', { arms: threeArms })
const { summary } = compared
const text = (lines: readonly string[]): string => stripVTControlCharacters(lines.join('\n'))

describe('the networks of each size', () => {
  it('stand in the terminal by parameters and by FLOPs, five of an arm at most', () => {
    const table = text(renderPareto(summary))
    expect(table).toMatch(/trained in full +│ 3 finalists +│ 3 finalists +│ all 30/)
    const [smallest] = summary.arms.full?.pareto.accuracy.params ?? []
    const best = `${(100 * (smallest?.value ?? 0)).toFixed(2)} %`
    expect(table).toContain(`${((smallest?.params ?? 0) / 1000).toPrecision(3)} k  ${best}`)
    for (const { pareto } of Object.values(summary.arms)) {
      for (const { value } of pareto.accuracy.flops.slice(-1)) expect(table).toContain(`${(100 * value).toFixed(2)} %`)
    }
    expect(stripVTControlCharacters(renderSummary(summary))).toContain(table)
    const long = summary.arms.full?.pareto.accuracy.params[0]
    const params = Array.from({ length: 12 }, (_, i) => ({ ...long, params: 1_000 + i, value: i / 20 })) as never
    const arm = summary.arms.full as NonNullable<typeof summary.arms.full>
    const front = { ...arm, pareto: { ...arm.pareto, accuracy: { ...arm.pareto.accuracy, params } } }
    const shortened = text(renderPareto({ arms: { full: front } }))
    expect(shortened).toContain('and 7 between')
    expect(shortened).toMatch(/1\.00 k {2}0\.00 %/)
    expect(shortened).toMatch(/1\.01 k {2}55\.00 %/)
  })

  it('are left out where a run has not two, or is older', () => {
    const arm = summary.arms.fear as NonNullable<typeof summary.arms.fear>
    const { pareto, ...older } = arm
    expect(renderPareto({ arms: { fear: older as typeof arm } })).toEqual([])
    const one = { ...pareto, accuracy: { ...pareto.accuracy, networks: 1 } }
    expect(renderPareto({ arms: { fear: { ...arm, pareto: one } } })).toEqual([])
  })

  it('stand in the report, those by score apart', async () => {
    const page = await renderReport(await readRecordedRun(compared.directory))
    const [, section = ''] = page.split('Pareto fronts: the best networks of each size')
    const [accurate = '', scored = ''] = (section.split('</section>')[0] ?? '').split('<details>')
    const networks = (part: string, arm: string): number => part.split(`<th scope="row">${arm}</th>`).length - 1
    for (const [name, { pareto }] of Object.entries(summary.arms)) {
      const trials = [...pareto.accuracy.params, ...pareto.accuracy.flops].map(({ trial }) => trial)
      expect(networks(accurate, name)).toBe(new Set(trials).size)
      const byScore = [...(pareto.score?.params ?? []), ...(pareto.score?.flops ?? [])].map(({ trial }) => trial)
      expect(networks(scored, name)).toBe(new Set(byScore).size)
    }
    expect(accurate).toContain('3 finalists of fear, 3 finalists of patient, all 30 of full')
    expect(scored).toContain('It is not an accuracy')
  })

  it('are nothing of a search that trained none', async () => {
    const { directory } = await recordToyStudy('no-fronts', { arms: oneArm }, ({ kind }, stop) => {
      if (kind === 'arm-started') stop.abort()
    })
    expect(await renderReport(await readRecordedRun(directory))).not.toContain(
      'Pareto fronts: the best networks of each size',
    )
  })
})
