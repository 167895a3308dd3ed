import { Chalk } from 'chalk'
import { describe, expect, it } from 'vitest'
import { terminalColumns } from '../../src/platform/terminal-columns.js'
import { renderRanking } from '../../src/reports/ranking-table.js'
import { renderList } from '../../src/reports/status/list-table.js'
import { renderSummary } from '../../src/reports/table.js'
import { shortenMiddle, textTable } from '../../src/reports/text-table.js'
import { toyRanking } from './toy-ranking.js'
import { recordToyStudy, threeArms } from './toy-report.js'

// biome-ignore lint/suspicious/noControlCharactersInRegex: colours
const colours = /\u001b\[\d+m/g
const seen = (text: string): readonly string[] => text.replaceAll(colours, '').split('\n')
/** The lines of tables: prose and architectures below them are wrapped by the terminal. */
const tableWidth = (text: string): number =>
  Math.max(...seen(text).flatMap((line) => (/^[┌│├└]/.test(line) ? [line.length] : [])))

const chalk = new Chalk({ level: 1 })
const architecture = '|nor_conv_3x3~0|+|none~0|nor_conv_3x3~1|+|skip_connect~0|none~1|nor_conv_3x3~2|'
const resampling = { searches: 60, architectures: null, replacement: true }
const { summary } = await recordToyStudy('wide', { arms: threeArms, resampling })
const manyArms = Object.fromEntries(
  Array.from({ length: 8 }, (_, i) => [
    `short-training-${i}`,
    summary.arms.fear as NonNullable<typeof summary.arms.fear>,
  ]),
)
const run = {
  directory: 'results/reference/a-long-name-of-a-folder-20260131-154500',
  date: '2026-01-31T15:45:00.000Z',
  command: 'compare',
  config: 'quick',
  state: 'finished',
  error: null,
  arms: 2,
  trials: 120,
  testAccuracy: 0.9,
  speedup: 3.25,
} as const

describe.each([50, 80, 120])('at a terminal of %i columns', (columns) => {
  it.each([
    ['a comparison', renderSummary(summary, columns)],
    ['eight arms', renderSummary({ ...summary, arms: manyArms }, columns)],
    ['a ranking', renderRanking(toyRanking().summary, columns)],
    ['a list of runs', renderList([run, run], 'results', columns)],
    ['a cell that is one word', textTable(['', 'architecture'], [['best', chalk.bold(architecture)]], columns)],
  ])('%s has no table that is wider', (_, text) => {
    expect(tableWidth(text)).toBeLessThanOrEqual(columns)
  })

  it('nothing but the middle of long words is lost', () => {
    const lines = seen(renderSummary({ ...summary, arms: manyArms }, columns)).join('\n')
    for (const name of Object.keys(manyArms)) expect(lines).toContain(name)
    expect(lines).toContain(summary.arms.fear?.best?.architecture)
  })
})

describe('a table', () => {
  const rows = [['Spearman', chalk.green('0.625 [0.53, 0.72]'), '1', '2']]
  const head = ['', 'the first of all the titles', 'two', 'three']

  it('is as wide as it needs where nobody says how wide', () => {
    expect(seen(textTable(head, rows, Number.POSITIVE_INFINITY))).toHaveLength(4)
    expect(tableWidth(textTable(head, rows, Number.POSITIVE_INFINITY))).toBe(56)
  })

  it('wraps its titles first, then goes on below with the first column again', () => {
    expect(textTable(head, rows, 54).replaceAll(colours, '')).toMatchInlineSnapshot(`
      "┌──────────┬────────────────────┬─────┬───────┐
      │          │ the first of all   │ two │ three │
      │          │ the titles         │     │       │
      │ Spearman │ 0.625 [0.53, 0.72] │ 1   │ 2     │
      └──────────┴────────────────────┴─────┴───────┘"
    `)
    expect(textTable(head, rows, 34).replaceAll(colours, '')).toMatchInlineSnapshot(`
      "┌──────────┬────────────────────┐
      │          │ the first of all   │
      │          │ the titles         │
      │ Spearman │ 0.625 [0.53, 0.72] │
      └──────────┴────────────────────┘
      ┌──────────┬─────┬───────┐
      │          │ two │ three │
      │ Spearman │ 1   │ 2     │
      └──────────┴─────┴───────┘"
    `)
  })

  it('shortens a word in the middle', () => {
    expect(shortenMiddle('|nor_conv_3x3~0|+|none~0|', 13)).toBe('|nor_...ne~0|')
    expect(shortenMiddle(architecture, 20)).toHaveLength(20)
    expect(shortenMiddle('short', 5)).toBe('short')
  })
})

it('a terminal that does not say how wide it is has 80 columns; a file has no limit', () => {
  expect(terminalColumns({ isTTY: true, columns: 50 })).toBe(50)
  expect(terminalColumns({ isTTY: true, columns: 0 })).toBe(80)
  expect(terminalColumns({ isTTY: false, columns: 50 })).toBe(Number.POSITIVE_INFINITY)
})
