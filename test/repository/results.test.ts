import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { runCli } from '../cli/run-cli.js'
import { temporaryFolder } from '../support/temporary-folder.js'

const folder = 'results/reference'
const pages = ['README.md', 'docs/results.md']

/** The prose of a page: without code, derived tables and figures, versions, and what is said to be the paper's. */
function prose(page: string): string {
  return (
    readFileSync(page, 'utf8')
      .replace(/```[\s\S]*?```/g, '')
      .replace(/^ {4}.*$/gm, '')
      .replace(/`[^`]*`/g, '')
      .replace(/<!-- (?:results|bench): (.+?) -->[\s\S]*?<!-- end of \1 -->/g, '')
      .replace(/<!-- = [^>]*-->[^<]*<!-- \/ -->/g, '')
      .replace(/<!-- the paper's -->[^<]*<!-- \/ -->/g, '')
      .replace(/\]\([^)]*\)/g, ']')
      // What a figure is about: versions, sizes of images, the level of an interval, a part of a ranking.
      .replace(/Node \d+(\.\d+)*|Apache-2\.0|arXiv \d+\.\d+|\d+x\d+(?:x\d+)?|95 %|top \d+ %/g, '')
  )
}

describe.each(pages)('%s', (page) => {
  it('has no measured figure but those derived from results/reference', () => {
    // Percentages, decimals and multiples; plain counts (10,000 images, 150 architectures) are settings.
    const figures = prose(page).match(/\d+\.\d+|\d+ ?%|\d+(?:-fold|x| times| points| seconds| minutes| hours)/g)
    expect(figures ?? []).toEqual([])
  })

  it('shows pictures that are there', () => {
    for (const [, file] of readFileSync(page, 'utf8').matchAll(/!\[[^\]]*\]\(([^)]+)\)/g)) {
      expect(existsSync(path.join(path.dirname(page), file as string)), file).toBe(true)
    }
  })
})

const comparisons = readdirSync('docs/results')
describe.each(comparisons)('docs/results/%s', (run) => {
  it('has the pictures of the run as fear-nas draws them', async () => {
    const drawn = temporaryFolder('results')
    const { exitCode } = await runCli(['report', path.join(folder, run), '--charts', drawn])
    expect(exitCode).toBe(0)
    const kept = readdirSync(path.join('docs/results', run))
    expect(kept.length).toBeGreaterThan(0)
    for (const name of kept) {
      expect(readFileSync(path.join('docs/results', run, name), 'utf8'), name).toBe(
        readFileSync(path.join(drawn, name), 'utf8'),
      )
    }
  })
})

describe('results/reference', () => {
  it('is what the tables and figures of the pages are derived from', () => {
    const { status, stderr } = spawnSync(process.execPath, ['scripts/results-tables.mjs', '--check'], {
      encoding: 'utf8',
    })
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
    for (const page of pages) expect(readFileSync(page, 'utf8')).toMatch(/<!-- results: /)
  })

  it('keeps a configuration and a summary of every run, and is under five megabytes', () => {
    const runs = readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isDirectory())
    expect(runs.length).toBeGreaterThan(1)
    for (const { name } of runs) {
      for (const file of ['config.yaml', 'summary.json']) expect(existsSync(path.join(folder, name, file))).toBe(true)
    }
    const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((name) =>
      statSync(path.join(folder, name)),
    )
    const bytes = files.filter((file) => file.isFile()).reduce((sum, { size }) => sum + size, 0)
    expect(bytes).toBeLessThan(5e6)
  })
})
