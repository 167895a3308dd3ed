import { mkdirSync } from 'node:fs'
import path from 'node:path'
import fc from 'fast-check'
import { SaxesParser } from 'saxes'
import { describe, expect, it } from 'vitest'
import { chartsOf } from '../../src/reports/charts/registry.js'
import { renderStandalone } from '../../src/reports/charts/render.js'
import { renderReport } from '../../src/reports/html/report.js'
import { readRecordedRun } from '../../src/results/recorded-run.js'
import { pageSkeleton } from '../support/page-skeleton.js'
import { temporaryFolder } from '../support/temporary-folder.js'
import { type ForeignRun, readers, referenceRun, writeRun } from './foreign-runs.js'

const folder = temporaryFolder('foreign-texts')
const quick = referenceRun('quick')

/** The same with two events of each kind. */
const short: ForeignRun = {
  ...quick,
  events: quick.events.filter((event, i, all) => {
    const isAlike = (other: unknown): boolean => kindOf(other) === kindOf(event)
    return all.slice(0, i).filter(isAlike).length < 2
  }),
}

function kindOf(event: unknown): unknown {
  return (event as { readonly event: unknown }).event
}

const odd = [
  '\u001b]0;title\u0007\u001b[2J\u009b31m',
  'a\nforged: finished\r\n\ttrials: 99',
  '\u202egpj.exe\u2066\u200f\u2028\u2029',
  '<script>alert(1)</script>',
  '"><img src=x onerror=alert(1)>',
  "' onmouseover='x",
  '</style></svg></pre><b>',
  '&lt;&#0;]]>',
  '\0\ufffe\uffff\ud800x\udc00',
]
const text = fc.oneof(fc.constantFrom(...odd), fc.string({ unit: 'binary', minLength: 1, maxLength: 12 }))

/** The run with a text of others wherever one of its texts stands for people. */
function withTexts(run: ForeignRun, texts: readonly string[]): ForeignRun {
  const [arm = '', architecture = '', other = ''] = texts
  const rename = (value: unknown, name: string): unknown => {
    if (Array.isArray(value)) return value.map((inner) => rename(inner, name))
    if (typeof value !== 'object' || value === null) return replace(name, value)
    return Object.fromEntries(
      Object.entries(value).map(([key, inner]) => [
        key === 'fear' ? arm : key,
        key === 'config' ? inner : rename(inner, key),
      ]),
    )
  }
  const replace = (name: string, value: unknown): unknown => {
    if (typeof value !== 'string') return value
    if (name === 'arm') return value === 'fear' ? arm : value
    if (name === 'architecture') return architecture
    const isKept = ['event', 'command', 'kind', 'evaluator', 'limit', 'of', 'against', 'unit'].includes(name)
    return isKept ? value : other
  }
  const failed = {
    event: 'trial.finished',
    ...{ arm: 'fear', trial: 0, architecture: 'x', wallSeconds: 1e6 },
    outcome: {
      kind: 'failed',
      message: other,
      cost: { computeSeconds: 1, trainingFlops: 1, steps: 1, epochs: 1 },
      phases: { [other]: { computeSeconds: 1, trainingFlops: 1, steps: 1, epochs: 1 } },
      lost: [{ message: other }],
    },
  }
  const { space: _, ...summary } = rename(quick.summary, '') as Record<string, unknown>
  return {
    events: [...run.events.slice(0, -1), failed].map((event) => rename(event, '')),
    summary,
    lock: { pid: 1, host: other, date: other },
  }
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not be there
const invisible = /[\0-\x09\x0b-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069\ufffe\uffff]|\p{Surrogate}/u

describe('texts of others', () => {
  it('reach no terminal as anything but text in the lines that are ours', async () => {
    await fc.assert(
      fc.asyncProperty(fc.tuple(text, text, text), async (texts) => {
        const directory = path.join(folder, 'terminal')
        writeRun(directory, withTexts(short, texts))
        for (const name of ['status', 'list', 'tail'] as const) {
          const shown = (await readers[name]?.(directory)) ?? ''
          expect(shown).not.toMatch(invisible)
          expect(shown).not.toMatch(/^\s*forged/m)
        }
      }),
      { numRuns: Number(process.env.FEAR_NAS_FUZZ ?? 60) },
    )
  })

  it('do so in the names of folders, too', async () => {
    const directory = path.join(folder, 'names', 'a\u001b[2J\nforged')
    mkdirSync(path.dirname(directory), { recursive: true })
    writeRun(directory, quick)
    for (const name of ['status', 'list'] as const) {
      expect(await readers[name]?.(name === 'list' ? path.dirname(directory) : directory)).not.toMatch(invisible)
    }
  })

  it('give a report no element and no attribute', async () => {
    const reportOf = async (texts: readonly string[]): Promise<string> => {
      const directory = path.join(folder, 'report')
      writeRun(directory, withTexts(quick, texts))
      return renderReport(await readRecordedRun(directory))
    }
    const page = (html: string): readonly string[] => pageSkeleton(html.replaceAll(/<svg.*?<\/svg>/gs, '<svg></svg>'))
    const harmless = page(await reportOf(['arm', 'architecture', 'text']))
    for (const [i, one] of odd.entries()) {
      const html = await reportOf([one, odd[(i + 1) % odd.length] ?? '', odd[(i + 2) % odd.length] ?? ''])
      expect(page(html)).toEqual(harmless)
      expect(pageSkeleton(html).filter((element) => /^(?:script|img|b)\b| on/.test(element))).toEqual([])
      expect(html.replaceAll('\t', '')).not.toMatch(invisible)
    }
  })

  it.each(odd)('leave pictures well-formed XML: %j', async (one) => {
    const directory = path.join(folder, 'pictures')
    writeRun(directory, withTexts(quick, [one, one, one]))
    const charts = chartsOf(await readRecordedRun(directory))
    expect(charts.length).toBeGreaterThan(3)
    for (const chart of charts) {
      const parser = new SaxesParser()
      parser.on('error', (error) => {
        throw error
      })
      parser.write(await renderStandalone(chart)).close()
    }
  })

  it.each(['constructor', '__proto__', 'toString', 'hasOwnProperty', '20'])('name an arm %s', async (name) => {
    const directory = path.join(folder, 'arm')
    const run = withTexts(quick, [name, 'architecture', 'text'])
    writeRun(directory, run)
    // JSON.parse makes a field of any name; a record of arms has no prototype to fall back on.
    expect(await renderReport(await readRecordedRun(directory))).toContain(name === '__proto__' ? 'full' : name)
    expect(await readers.status?.(directory)).toContain(`${name}: `)
  })
})
