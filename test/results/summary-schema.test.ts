import { describe, expect, it } from 'vitest'
import { checkSummary } from '../../src/results/summary-schema/check-summary.js'
import { referenceRun } from '../reports/foreign-runs.js'

describe('the schema of summary.json', () => {
  const { summary } = referenceRun('quick') as { readonly summary: Record<string, unknown> }
  const dataset = { name: 'fashion-mnist', fingerprint: '0123456789abcdef' }

  it('takes the counts and problems of the images, and a summary of an older version without them', () => {
    const counts = { train: 100, validation: 10, test: 10, problems: ['a problem'] }
    for (const each of [dataset, { ...dataset, ...counts }]) {
      expect(checkSummary({ ...summary, dataset: each })).toHaveProperty('summary')
    }
  })

  it.each([
    ['train', '100'],
    ['validation', -1],
    ['test', 0.5],
    ['problems', 'a problem'],
  ])('names dataset.%s that is %j', (name, value) => {
    const checked = checkSummary({ ...summary, dataset: { ...dataset, [name]: value } })
    expect(checked).toEqual({ problem: expect.stringMatching(new RegExp(`^dataset\\.${name}: `)) })
  })

  it('names a count of searches that were left out which is no number', () => {
    const { resampling } = structuredClone(summary) as {
      resampling: { comparisons: Record<string, Record<string, unknown>> }
    }
    const [name = '', comparison] = Object.entries(resampling.comparisons)[0] ?? []
    resampling.comparisons[name] = { ...comparison, leftOut: 'many' }
    const { problem } = checkSummary({ ...summary, resampling }) as { problem: string }
    expect(problem).toMatch(/^resampling\.comparisons\..+\.leftOut: /)
  })
})
