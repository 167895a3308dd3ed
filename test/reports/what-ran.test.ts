import { describe, expect, it } from 'vitest'
import { counted } from '../../src/platform/count.js'
import { whatRan } from '../../src/reports/html/what-ran.js'
import { recordToyStudy, threeArms } from './toy-report.js'

const { summary } = await recordToyStudy('what-ran', { arms: threeArms })
const everyImage = { ...summary, config: { ...summary.config, data: { ...summary.config.data, train: 0 } } }

describe('what a report says was run', () => {
  it('counts the images that data.train: 0 came to', () => {
    const dataset = { ...summary.dataset, train: 8000 }
    expect(whatRan({ ...everyImage, dataset }, 40)).toContain('8000 training images')
  })

  it('does not count those of a summary that has no numbers', () => {
    const { train: _, ...dataset } = summary.dataset
    expect(whatRan({ ...everyImage, dataset }, 40)).toContain('all its training images')
    expect(whatRan({ ...everyImage, dataset }, 40)).not.toContain('0 training images')
  })
})

describe('a count', () => {
  it('has the plural but for one', () => {
    expect([0, 1, 2].map((n) => counted(n, 'finalist'))).toEqual(['0 finalists', '1 finalist', '2 finalists'])
  })
})
