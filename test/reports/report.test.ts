import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { html } from '../../src/reports/html/html.js'
import { renderReport } from '../../src/reports/html/report.js'
import { verdictOf } from '../../src/reports/html/verdict.js'
import { type RecordedStudy, readRecordedRun } from '../../src/results/recorded-run.js'
import type { Summary } from '../../src/results/summary.js'
import { temporaryFolder } from '../support/temporary-folder.js'
import { toyInTraining, toyInTrainingAlone } from './toy-in-training.js'
import { toyRanking } from './toy-ranking.js'
import { oneArm, recordToyStudy, threeArms } from './toy-report.js'

const resampling = { searches: 60, architectures: null, replacement: true }
const compared = await recordToyStudy('compared', { arms: threeArms, resampling })
const page = await renderReport(await readRecordedRun(compared.directory))

/** What a reader sees: without pictures, styles and tags, and with characters for entities. */
function textOf(page: string): string {
  return page
    .replaceAll(/<svg.*?<\/svg>|<style>.*?<\/style>|<[^>]+>/gs, ' ')
    .replaceAll(/\s+/g, ' ')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&')
}

/** A page that holds all it needs, and closes what it opens. */
function expectWhole(page: string): void {
  expect(page).toMatch(/^<!doctype html>\n<html lang="en">/)
  expect(page).not.toMatch(/<script|<link|<img|@import|url\((?!#)/)
  expect(page.match(/https?:\/\/[^"\s<)]+/g)?.filter((url) => url !== 'http://www.w3.org/2000/svg') ?? []).toEqual([])
  for (const tag of ['section', 'svg', 'table', 'tr', 'div', 'p', 'dl', 'figure']) {
    const opened = page.match(new RegExp(`<${tag}[ >]`, 'g'))?.length ?? 0
    expect(`${tag} ${page.match(new RegExp(`</${tag}>`, 'g'))?.length ?? 0}`).toBe(`${tag} ${opened}`)
  }
  const ids = [...page.matchAll(/ id="([^"]+)"/g)].map((match) => match[1])
  expect(new Set(ids).size).toBe(ids.length)
  expect(page).not.toMatch(/\bNaN\b|\bundefined\b|\[object /)
}

/** The cells of the rows of a name, in all tables. */
function rowsOf(page: string, name: string): readonly (readonly string[])[] {
  return page
    .split('<tr>')
    .filter((row) => row.startsWith(`<th scope="row">${name}</th>`))
    .map((row) => [...row.matchAll(/<td>(.*?)<\/td>/g)].map((match) => textOf(match[1] ?? '').trim()))
}

describe('the report of a comparison', () => {
  const text = textOf(page)
  const { summary } = compared
  const replayed = summary.resampling?.comparisons.fear

  it('is one whole file, the same every time', async () => {
    expectWhole(page)
    expect(await renderReport(await readRecordedRun(compared.directory))).toBe(page)
  })

  it('says the result in words, with its intervals', () => {
    const { low, high } = replayed?.speedup.computeSeconds ?? {}
    expect(text).toContain(
      `fear needs ${summary.speedup?.computeSeconds?.toFixed(2)} times less compute time than full training ` +
        `(95 %: ${low?.toFixed(2)} to ${high?.toFixed(2)})`,
    )
    expect(summary.testAccuracyDifference).toBe(0)
    expect(text).toContain('its network is as accurate on the test images (95 %: ')
    expect(text).toContain('In 60 searches over other draws of these architectures')
  })

  it('has every figure of the tables, the machine, the configuration and how to run it again', () => {
    expect(text).toContain(
      `${summary.arms.fear?.trials} scored`.replace(/^\d+/, String(summary.arms.fear?.outcomes.scored)),
    )
    expect(text).toContain(summary.arms.full?.best?.architecture)
    expect(text).toContain('2 physical and 4 logical cores')
    expect(text).toContain('fear-nas compare config.yaml')
    expect(text).toContain('threshold: auto')
  })

  it('escapes whatever comes from outside', async () => {
    expect(page).toContain('A &lt;b&gt;fast&lt;/b&gt; &amp; &quot;quiet&quot; one')
    expect(page).not.toContain('<b>fast</b>')
    const run = (await readRecordedRun(compared.directory)) as RecordedStudy
    const evil = '</pre><script>alert("&")</script>'
    const { config, arms } = run.summary
    const fear = arms.fear as NonNullable<typeof arms.fear>
    const summary = {
      ...run.summary,
      config: { ...config, seed: evil },
      arms: { ...arms, fear: { ...fear, best: fear.best && { ...fear.best, architecture: evil } } },
    }
    expectWhole(await renderReport({ ...run, summary }))
  })

  it('holds every picture for wide and for narrow pages', () => {
    expect(page.match(/<div class="wide"><svg /g)).toHaveLength(6)
    expect(page.match(/<div class="narrow"><svg /g)).toHaveLength(6)
  })
})

describe('the verdict', () => {
  const { summary } = compared
  const [fear] = Object.values(summary.comparisons) as [Summary['comparisons'][string]]
  const verdict = (changes: Partial<typeof fear>, resampling: Summary['resampling'] = null) =>
    verdictOf({ ...summary, resampling, comparisons: { fear: { ...fear, ...changes } } }).join(' ')

  it('has the sign of a difference, and which way a ratio goes', () => {
    const slower = { ...fear.speedup, computeSeconds: 0.8 }
    expect(verdict({ testAccuracyDifference: -0.0123 })).toContain('1.23 points less accurate')
    expect(verdict({ testAccuracyDifference: 0.004 })).toContain('0.40 points more accurate')
    expect(verdict({ speedup: slower })).toContain('needs 1.25 times the compute time of full training')
    expect(verdict({ testAccuracyDifference: null })).toContain('there are no two networks to compare in test accuracy')
  })

  it('says whether chance explains a difference, and what short training costs at equal accuracy', () => {
    const { resampling } = summary
    const replayed = resampling?.comparisons.fear as NonNullable<typeof resampling>['comparisons'][string]
    const withFear = (changes: Partial<typeof replayed>) =>
      verdict(
        {},
        { ...(resampling as NonNullable<typeof resampling>), comparisons: { fear: { ...replayed, ...changes } } },
      )
    const between = (low: number, mean: number, high: number) => ({ low, mean, high })
    expect(withFear({ testAccuracyDifference: between(-0.01, 0.002, 0.01) })).toContain(
      '(95 %: -1.00 to +1.00, no significant difference)',
    )
    expect(withFear({ testAccuracyDifference: between(-0.02, -0.01, -0.005) })).toContain('(95 %: -2.00 to -0.50)')

    const short = { ...summary.arms.fear, evaluator: 'short-training' } as Summary['arms'][string]
    const speedup = { ...replayed.speedup, computeSeconds: between(0.9, 1.1, 1.3) }
    const equalAccuracy = { against: 'short', speedup, testAccuracyDifference: between(0, 0.001, 0.002) }
    const comparisons = { fear: { ...replayed, equalAccuracy } }
    const words = verdictOf({
      ...summary,
      arms: { ...summary.arms, short },
      resampling: { ...(resampling as NonNullable<typeof resampling>), comparisons },
    }).join(' ')
    expect(words).toContain(
      'the cheapest equally accurate short training is short training, and fear needs 1.10 times less',
    )
    expect(words).toContain('(95 %: 0.90 to 1.30, no significant difference), at +0.10 points')
  })
})

describe('the report says', () => {
  it('that a comparison without resampling has no intervals', async () => {
    const { directory } = await recordToyStudy('bare', { arms: threeArms })
    const bare = await renderReport(await readRecordedRun(directory))
    expectWhole(bare)
    expect(textOf(bare)).toContain('One search of each arm was measured: there are no intervals.')
    expect(textOf(bare)).toContain('measured once, no interval')
    expect(bare).not.toContain('id="anytime"')
  })

  it('that a run was stopped, and draws what there is', async () => {
    const { directory, summary } = await recordToyStudy('stopped', { arms: threeArms }, (event, stop) => {
      if (event.kind === 'trial-finished' && event.arm === 'fear') stop.abort()
    })
    expect(summary.stopped).toBe(true)
    expect(summary.comparisons).toEqual({})
    const stopped = await renderReport(await readRecordedRun(directory))
    expectWhole(stopped)
    expect(textOf(stopped)).toContain('This run was stopped before its budget was used.')
    expect(textOf(stopped)).toMatch(/FEAR has trained no network in full yet, after .* of compute time/)
  })

  it('what a search found', async () => {
    const { directory, summary } = await recordToyStudy('one', { arms: oneArm })
    const search = await renderReport(await readRecordedRun(directory))
    expectWhole(search)
    const accuracy = (100 * (summary.arms.fear?.best?.testAccuracy ?? 0)).toFixed(2)
    expect(textOf(search)).toContain(
      `The best of 30 architectures that FEAR evaluated classifies ${accuracy} % of the test images correctly`,
    )
  })

  it('what ranks best', async () => {
    const ranking = toyRanking()
    const report = await renderReport(ranking)
    expectWhole(report)
    const text = textOf(report)
    const value = ranking.summary.methods[1]?.common.at(-1)?.spearman.value
    expect(value).toBeGreaterThan(0.9)
    expect(text).toContain('fear ranks test accuracy after full training best: Spearman 1.000')
    expect(text).toMatch(/fear ranks better than zero-cost <synflow>/)
    expect(report).not.toContain('<synflow>')
    expect(text).not.toContain('Spearman by epochs of training')
  })

  it('how measures rank as training proceeds, below what ranks best', async () => {
    const run = toyInTraining()
    const report = await renderReport(run)
    expectWhole(report)
    const text = textOf(report)
    expect(text).toContain('fear ranks test accuracy after full training best: Spearman 1.000')
    expect(text).toMatch(/best before training is jacob_cov, Spearman 0\.\d+ \[.*?\]; after 8 epochs it is grad_norm, /)
    expect(text).toMatch(/better: grad_norm, .*validation-accuracy; worse: jacob_cov; no significant change: synflow/)
    const reached = run.summary.inTraining?.threshold?.architectures ?? 0
    expect(reached).toBeGreaterThan(5)
    expect(text).toContain(`the ${reached} architectures that reached a training accuracy of 0.5, at that point: after`)
    const at = (words: string) => report.indexOf(words)
    expect(at('<h2>Common ratio')).toBeLessThan(at('<h2>Spearman by epochs of training'))
    const jacob = rowsOf(report, 'jacob_cov')
    const points = run.summary.inTraining?.epochs.curves.find(({ name }) => name === 'jacob_cov')?.points ?? []
    const overAll = points.map(({ subsets }) => subsets.at(-1))
    expect(jacob[0]?.slice(0, 5).map((cell) => cell.split(' ')[0])).toEqual(
      overAll.map((subset) => subset?.spearman.value?.toFixed(3)),
    )
    expect(jacob[0]?.[5]?.split(' ')[0]).toBe(`-${overAll.at(-1)?.decline.value?.toFixed(3)}`)
    expect(rowsOf(report, 'train-accuracy')[0]?.[0]).toBe('-')
  })

  it('the same of a ranking that has nothing else', async () => {
    const report = await renderReport(toyInTrainingAlone())
    expectWhole(report)
    const text = textOf(report)
    expect(text).toMatch(/seed 1\. Over 40 architectures, the measure that ranks test accuracy/)
    expect(text).not.toContain('too few architectures')
    expect(text).toContain('Spearman of jacob_cov before training, the best measure')
    expect(report.indexOf('<h2>Spearman by epochs of training')).toBeLessThan(report.indexOf('<h2>Methods'))
    expect(report).not.toContain('id="seconds-against-spearman"')
  })

  it('that nothing was ranked yet, of such a ranking that was stopped', async () => {
    const run = toyInTrainingAlone()
    const report = await renderReport({ ...run, summary: { ...run.summary, inTraining: null, stopped: true } })
    expectWhole(report)
    expect(textOf(report)).toContain('Only full training has finished; no other method was ranked.')
  })
})

describe('reading a run', () => {
  it('takes a compressed journal too', async () => {
    const { directory } = await recordToyStudy('packed', { arms: threeArms, resampling })
    const plain = await renderReport(await readRecordedRun(directory))
    const journal = path.join(directory, 'journal.jsonl')
    writeFileSync(`${journal}.gz`, gzipSync(readFileSync(journal)))
    rmSync(journal)
    expect(await renderReport(await readRecordedRun(directory))).toBe(plain)

    const bytes = readFileSync(`${journal}.gz`)
    writeFileSync(`${journal}.gz`, bytes.subarray(0, bytes.length - 200))
    await expect(readRecordedRun(directory)).rejects.toThrow(
      /journal\.jsonl\.gz {2}is not a complete gzip file .* Restore it\./,
    )
  })

  it('says what is missing', async () => {
    const { directory } = await recordToyStudy('missing', { arms: oneArm })
    const summary = path.join(directory, 'summary.json')
    writeFileSync(summary, '{"schema":9}')
    await expect(readRecordedRun(directory)).rejects.toThrow(
      /summary\.json has version 9; this program reads version 1/,
    )
    writeFileSync(summary, '{')
    await expect(readRecordedRun(directory)).rejects.toThrow(/summary\.json is not JSON/)
    renameSync(path.join(directory, 'journal.jsonl'), path.join(directory, 'elsewhere'))
    await expect(readRecordedRun(directory)).rejects.toThrow(/holds no journal\.jsonl or journal\.jsonl\.gz/)
    await expect(readRecordedRun(temporaryFolder('none'))).rejects.toThrow(/holds no summary\.json/)
  })
})

describe('html', () => {
  it('escapes what is put into it, and keeps what is HTML', () => {
    const inner = html`<i>${'a < b & "c"'}</i>`
    expect(html`<p title="${'"x\''}">${inner}${[1, null, inner]}</p>`.text).toBe(
      '<p title="&quot;x&#39;"><i>a &lt; b &amp; &quot;c&quot;</i>1<i>a &lt; b &amp; &quot;c&quot;</i></p>',
    )
  })
})
