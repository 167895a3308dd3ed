import { describe, expect, it } from 'vitest'
import { renderRanking } from '../../src/reports/ranking-table.js'
import type { RankingSummary } from '../../src/results/ranking-summary.js'
import type { SharedSubsetAgreement } from '../../src/studies/index.js'

const undefinedFigure = { value: null, low: null, high: null }

function subset(percent: number, spearman: number | null, seconds: number | null): SharedSubsetAgreement {
  return {
    percent,
    architectures: percent,
    spearman: spearman === null ? undefinedFigure : { value: spearman, low: spearman - 0.1, high: spearman + 0.1 },
    kendall: { value: spearman, low: null, high: null },
    commonRatio: { value: 0.25, low: 0, high: 0.5 },
    lead: undefinedFigure,
    seconds: { mean: seconds, standardError: null },
  }
}

const noOutcomes = { scored: 0, rejected: 0, 'below-threshold': 0, diverged: 0, 'timed-out': 0, aborted: 0, failed: 0 }

const summary = {
  truth: { accuracy: 'test', sharedSeeds: false, fingerprint: '0' },
  reusedTruths: 2,
  commonArchitectures: 3,
  architectures: [{ truth: 0.5 }, { truth: null }, { truth: 0.75 }],
  methods: [
    {
      name: 'fear',
      outcomes: { ...noOutcomes, scored: 3, 'below-threshold': 1 },
      common: [subset(20, 0.5, 1.5), subset(100, 0.625, 2.5)],
    },
    { name: 'zero-cost synflow', outcomes: { ...noOutcomes, scored: 4 }, common: [subset(20, null, null)] },
  ],
} as unknown as RankingSummary

describe('the table of a ranking', () => {
  const lines = renderRanking(summary).split('\n')
  const cells = (start: string): readonly string[] =>
    (lines.find((line) => line.includes(start)) ?? '')
      .split('│')
      .slice(1, -1)
      .map((cell) => cell.trim())

  it('has a row for each method, over the common architectures', () => {
    expect(cells('scored')).toEqual([
      '',
      'scored',
      'seconds',
      'Spearman, top 20 %',
      'Spearman, all',
      'Kendall, all',
      'common ratio, top 20 %',
    ])
    expect(cells('fear')).toEqual([
      'fear',
      '3, 1 below-threshold',
      '2.50',
      '0.500 [0.40, 0.60]',
      '0.625 [0.53, 0.72]',
      '0.625',
      '0.250',
    ])
  })

  it('has a dash for what is undefined', () => {
    expect(cells('synflow')).toEqual(['zero-cost synflow', '4', '-', '-', '-', '-', '0.250'])
  })

  it('says what the truth is and where it comes from', () => {
    expect(lines.join(' ')).toContain(
      'test accuracy after full training of 2 architectures (2 reused from earlier runs)',
    )
    expect(lines.join(' ')).toContain('over the 3 architectures that every method scored')
  })

  it('fits on a wide terminal', () => {
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(140)
  })
})
