import { writeFileSync } from 'node:fs'
import path from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { stringify } from 'yaml'
import { loadConfig } from '../../src/config/load-config.js'
import { parseSizeRange } from '../../src/config/size-range.js'
import { temporaryFolder } from '../support/temporary-folder.js'

const folder = temporaryFolder('limits')

function fileOf(text: string): string {
  const file = path.join(folder, 'limits.yaml')
  writeFileSync(file, `data: { name: fashion-mnist }\nbudget: { trials: 4 }\n${text}\n`)
  return file
}

describe('a limit of sizes', () => {
  it.each([
    ['<500k', { atMost: 499_999 }],
    ['<= 2.5M', { atMost: 2_500_000 }],
    ['500k', { atMost: 500_000 }],
    ['>10k', { atLeast: 10_001 }],
    ['>=0.3k', { atLeast: 300 }],
    ['> 10k, <=1G', { atLeast: 10_001, atMost: 1e9 }],
    ['<2.2k >1.1k', { atLeast: 1_101, atMost: 2_199 }],
    ['<1.5', { atMost: 1 }],
    ['>1.5', { atLeast: 2 }],
  ])('%s', (text, range) => {
    expect(parseSizeRange(text)).toEqual(range)
  })

  it.each(['', 'k', '<', '500 kB', '<5k <6k', '>1, >2', '1k 2k', '<5k,', '-3', '>1 <2 <3', '10K', '<1e5', '= 5'])(
    'is not %j',
    (text) => {
      expect(parseSizeRange(text)).toBeNull()
    },
  )

  it('has in it what the comparison says, number by number', () => {
    const comparisons = {
      '<': (a: number, b: number) => a < b,
      '<=': (a: number, b: number) => a <= b,
      '>': (a: number, b: number) => a > b,
      '>=': (a: number, b: number) => a >= b,
    }
    fc.assert(
      fc.property(fc.constantFrom('<', '<=', '>', '>='), fc.nat(5_000), fc.nat(5_000), (comparison, tenths, size) => {
        const range = parseSizeRange(`${comparison} ${tenths / 10}`)
        const isIn = size >= (range?.atLeast ?? 0) && size <= (range?.atMost ?? Infinity)
        expect(isIn).toBe(comparisons[comparison as keyof typeof comparisons](size, tenths / 10))
      }),
    )
  })
})

describe('constraints in a configuration', () => {
  it('are read, and read again from what a run directory keeps', () => {
    const config = loadConfig(fileOf('constraints: { params: ">1k <500k", flops: 30000000 }'))
    expect(config.constraints).toEqual({ params: { atLeast: 1_001, atMost: 499_999 }, flops: { atMost: 30_000_000 } })
    const kept = path.join(folder, 'kept.yaml')
    writeFileSync(kept, stringify(config))
    expect(loadConfig(kept)).toEqual(config)
  })

  it.each([
    ['constraints: { params: little }', /limits\.yaml:3:24 {2}constraints\.params must be a limit such as .*"little"/],
    ['constraints: { flops: [1, 2] }', /limits\.yaml:3:23 {2}constraints\.flops must be a limit such as/],
    [
      'constraints: { flops: ">5k <1k" }',
      /limits\.yaml:3:23 {2}constraints\.flops must have a lower limit below its upper limit/,
    ],
    ['constraints: { parms: 5k }', /limits\.yaml:3:16 {2}constraints\.parms is not a setting. Did you mean params\?/],
  ])('%s is an error with its place', (text, message) => {
    expect(() => loadConfig(fileOf(text))).toThrow(message)
  })
})

describe('a prefilter in a configuration', () => {
  it('has defaults, and is kept as it is', () => {
    expect(loadConfig(fileOf('prefilter: {}')).prefilter).toEqual({ measure: 'synflow', keep: 0.3, batch: 256 })
    expect(loadConfig(fileOf('')).prefilter).toBeNull()
  })

  it.each([
    ['prefilter: { keep: 30 }', /limits\.yaml:3:20 {2}prefilter\.keep must be in \(0, 1\], got 30. Did you mean 0.3\?/],
    ['prefilter: { measure: sinflow }', /prefilter\.measure must be one of .* Did you mean synflow\?/],
    [
      'prefilter: { keep: 0.25, pool: 12 }',
      /limits\.yaml:3:32 {2}prefilter\.pool must be at least 16: prefilter keeps 3 of 12 architectures, and budget.trials is 4/,
    ],
  ])('%s is an error with its place', (text, message) => {
    expect(() => loadConfig(fileOf(text))).toThrow(message)
  })

  it('needs a pool where the budget is in time, also in an arm', () => {
    const sets = ['budget={ wallClock: 1m }']
    expect(() => loadConfig(fileOf('prefilter: { keep: 0.5 }'), sets)).toThrow(
      /limits\.yaml:3:1 {2}prefilter\.pool is required without budget\.trials: the number of architectures to score\./,
    )
    const arms =
      'arms:\n  - { name: a, evaluator: { name: full-training }, prefilter: {} }\n  - { name: b, evaluator: { name: fear } }'
    expect(() => loadConfig(fileOf(arms), sets)).toThrow(/limits\.yaml:4:\d+ {2}arms\.0\.prefilter\.pool is required/)
    expect(loadConfig(fileOf('prefilter: { keep: 0.5, pool: 3 }'), sets).prefilter?.pool).toBe(3)
  })
})
