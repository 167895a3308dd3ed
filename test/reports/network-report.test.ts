import { mkdirSync, statSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import fc from 'fast-check'
import { parse } from 'parse5'
import { describe, expect, it } from 'vitest'
import { networkReport } from '../../src/reports/html/network-report.js'
import { pageStyle } from '../../src/reports/html/style.js'
import { renderNetwork } from '../../src/reports/network-text.js'
import {
  accuracyByClass,
  confusionOf,
  type NetworkMetrics,
  type PicturedMistake,
} from '../../src/results/network-metrics.js'
import { readMetrics } from '../../src/results/read-metrics.js'
import { pageSkeleton } from '../support/page-skeleton.js'
import { temporaryFolder } from '../support/temporary-folder.js'

/** Of each class 10 test images, of which one is taken for the next class. */
function metricsOf(classNames: readonly string[], changes: Partial<NetworkMetrics> = {}): NetworkMetrics {
  const confusion = classNames.map((_, label) =>
    classNames.map((_, predicted) => (predicted === label ? 9 : predicted === (label + 1) % classNames.length ? 1 : 0)),
  )
  const one = { trainAccuracy: 0.5, trainLoss: 1, validationAccuracy: 0.6, validationLoss: 1, seconds: 1 }
  return {
    schema: 1,
    architecture: '|a|',
    classNames,
    testAccuracy: 0.9,
    validationAccuracy: 0.6,
    testImages: 10 * classNames.length,
    confusion,
    accuracyByClass: accuracyByClass(confusion),
    curve: [0, 1, 2].map((epoch) => ({ epoch, ...one })),
    epoch: 3,
    parameters: 1000,
    flops: 2000,
    latency: [{ batch: 1, milliseconds: 0.5, imagesPerSecond: 2000 }],
    engine: 'native 1 (cpu)',
    hardware: { cpu: 'a CPU' } as NetworkMetrics['hardware'],
    repetitions: [{ validationAccuracy: 0.6, testAccuracy: 0.9 }],
    ...changes,
  }
}

const mistakes: readonly PicturedMistake[] = [
  { image: 0, label: 0, predicted: 1, probability: 0.75, png: 'iVBORw0KGgo=' },
]

const odd = [
  '<script>alert(1)</script>',
  '"><img src=x onerror=alert(1)>',
  "' onmouseover='x",
  '\0\u001b[2J\u202e\ud800',
  '&lt;',
]
const text = fc.oneof(fc.constantFrom(...odd), fc.string({ unit: 'binary', minLength: 1, maxLength: 12 }))
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not be there
const invisible = /[\0-\x09\x0b-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069\ufffe\uffff]|\p{Surrogate}/u

describe('the report of a network', () => {
  it('is one whole file that asks nothing of the network, the same every time', async () => {
    const page = await networkReport({ metrics: metricsOf(['cat', 'dog', 'owl']), mistakes })
    expect(page).toMatch(/^<!doctype html>\n<html lang="en">/)
    expect(page).not.toMatch(/<script|<link|@import|url\((?!#)|src="(?!data:image\/png;base64,)|\bNaN\b|\bundefined\b/)
    expect(page.match(/https?:\/\/[^"\s<)]+/g)?.filter((url) => url !== 'http://www.w3.org/2000/svg') ?? []).toEqual([])
    const errors: string[] = []
    parse(page, { onParseError: ({ code }) => errors.push(code) })
    expect(errors).toEqual([])
    expect(await networkReport({ metrics: metricsOf(['cat', 'dog', 'owl']), mistakes })).toBe(page)
  })

  it('shades each cell by its share of the true class, and keeps the numbers', async () => {
    const page = await networkReport({ metrics: metricsOf(['cat', 'dog', 'owl']), mistakes: [] })
    expect(page).toContain(
      '<tr><th scope="row">cat</th><td style="--share:90%">9</td><td style="--share:10%">1</td><td style="--share:0%">·</td><td>90.00 %</td></tr>',
    )
    expect(page).toContain('<th scope="col">owl</th><th scope="col">right</th>')
    const none = metricsOf(['cat', 'dog'], {
      confusion: [
        [0, 0],
        [0, 2],
      ],
      accuracyByClass: [null, 1],
    })
    expect(await networkReport({ metrics: none, mistakes: [] })).toContain('<td style="--share:0%">·</td>')
    expect(page).toContain('No test image was misclassified.')
  })

  it.each(['light', 'dark'])('has numbers that can be read on every shade, %s', (scheme) => {
    const [light = '', dark = ''] = [...pageStyle.matchAll(/:root\{([^}]*)\}/g)].map((match) => match[1])
    const colour = (name: string): readonly number[] => {
      const hex = new RegExp(`--${name}:#(\\w{6})`).exec(scheme === 'light' ? light : dark)?.[1] ?? expect.fail(name)
      return [0, 2, 4].map((at) => Number.parseInt(hex.slice(at, at + 2), 16) / 255)
    }
    const luminance = (rgb: readonly number[]): number => {
      const linear = rgb.map((value) => (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4))
      return [0.2126, 0.7152, 0.0722].reduce((sum, weight, i) => sum + weight * (linear[i] as number), 0)
    }
    const most = Number(/calc\(var\(--share\)\*([\d.]+)\)/.exec(pageStyle)?.[1])
    const [accent, surface] = [colour('accent'), colour('surface')]
    const shade = surface.map((value, i) => value + most * ((accent[i] as number) - value))
    const [a, b] = [luminance(colour('ink')), luminance(shade)]
    // WCAG's enhanced contrast.
    expect((Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05)).toBeGreaterThan(7)
  })

  it('of many classes has the most frequent confusions, and says so', async () => {
    const page = await networkReport({
      metrics: metricsOf(Array.from({ length: 100 }, (_, i) => `c${i}`)),
      mistakes: [],
    })
    expect(page).toContain('100 classes are too many for a matrix')
    expect(page).toContain('these are the 30 most frequent of 100 confusions')
    expect(page).toContain('<th scope="row">c0</th><td>c1</td><td>1</td><td>10.00 %</td>')
    expect(page).not.toContain('class="matrix"')
  })

  it('of very many classes stays small, as do its metrics, which are read again', async () => {
    const classes = 5000
    const labels = Array.from({ length: 2 * classes }, (_, i) => i >> 1)
    // Of each class one image is taken for the next class.
    const confusion = confusionOf(
      classes,
      labels,
      labels.map((label, i) => (i % 2 === 0 ? label : (label + 1) % classes)),
    )
    const metrics = metricsOf(['c'], {
      classNames: Array.from({ length: classes }, (_, i) => `c${i}`),
      testImages: labels.length,
      confusion,
      accuracyByClass: accuracyByClass(confusion),
    })
    expect(confusion[4999]).toEqual({ 0: 1, 4999: 1 })
    expect(new Set(metrics.accuracyByClass)).toEqual(new Set([0.5]))
    const page = await networkReport({ metrics, mistakes: [] })
    expect(page).toContain('these are the 30 most frequent of 5000 confusions')
    expect(page.length).toBeLessThan(100_000)
    const folder = temporaryFolder('metrics')
    const file = path.join(folder, 'metrics.json')
    writeFileSync(file, JSON.stringify(metrics, null, 2))
    expect(statSync(file).size).toBeLessThan(1_000_000)
    expect(readMetrics(folder)).toEqual(metrics)
    writeFileSync(file, JSON.stringify({ ...metrics, confusion: [{ 3: -1 }] }))
    expect(() => readMetrics(folder)).toThrow('.confusion.0.3 must be a whole number')
  })

  it('has texts of others as text alone, and the terminal no character that is none', async () => {
    const plain = pageSkeleton(await networkReport({ metrics: metricsOf(['a', 'b', 'c']), mistakes }))
    await fc.assert(
      fc.asyncProperty(fc.tuple(text, text, text, text), async ([one, two, three, four]) => {
        const hardware = { cpu: four } as NetworkMetrics['hardware']
        const metrics = metricsOf([one, two, three], { architecture: four, engine: one, hardware })
        const page = await networkReport({ metrics, mistakes: mistakes.map((mistake) => ({ ...mistake, png: two })) })
        expect(pageSkeleton(page)).toEqual(plain)
        expect(page.replaceAll('\t', '')).not.toMatch(invisible)
        expect(renderNetwork(metrics)).not.toMatch(invisible)
      }),
      { numRuns: Number(process.env.FEAR_NAS_FUZZ ?? 40) },
    )
  })
})

it('metrics of others are refused where they are not what they should be', () => {
  const folder = temporaryFolder('foreign-metrics')
  const written = (name: string, value: unknown): string => {
    const directory = path.join(folder, name)
    mkdirSync(directory)
    writeFileSync(path.join(directory, 'metrics.json'), JSON.stringify(value))
    return directory
  }
  const good = metricsOf(['a', 'b'])
  expect(readMetrics(written('good', good))).toEqual(good)
  const bad = {
    schema: { schema: 2 },
    accuracy: { testAccuracy: 5 },
    curve: { curve: [{}] },
    classes: { classNames: 'a' },
  }
  for (const [name, change] of Object.entries(bad)) {
    expect(() => readMetrics(written(name, { ...good, ...change }))).toThrow('is damaged, or of another version')
  }
  expect(() => readMetrics(folder)).toThrow('does not exist. Name the directory of a training that has ended.')
})
