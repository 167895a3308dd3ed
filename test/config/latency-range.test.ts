import { writeFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { stringify } from 'yaml'
import { parseLatencyRange } from '../../src/config/latency-range.js'
import { loadConfig } from '../../src/config/load-config.js'
import { temporaryFolder } from '../support/temporary-folder.js'

const folder = temporaryFolder('latency-range')

function fileOf(text: string): string {
  const file = path.join(folder, 'limits.yaml')
  writeFileSync(file, `data: { name: fashion-mnist }\nbudget: { trials: 4 }\n${text}\n`)
  return file
}

describe('a limit on latency', () => {
  it.each([
    ['<2ms', { atMostSeconds: 0.002 }],
    ['2ms', { atMostSeconds: 0.002 }],
    ['<= 0.8ms', { atMostSeconds: 0.0008 }],
    ['<800us', { atMostSeconds: 0.0008 }],
    ['<800µs', { atMostSeconds: 0.0008 }],
    ['<800μs', { atMostSeconds: 0.0008 }],
    ['<1.5 s', { atMostSeconds: 1.5 }],
    ['>0.1ms <2ms', { atLeastSeconds: 0.0001, atMostSeconds: 0.002 }],
    [' <= 2ms, >= 100us ', { atLeastSeconds: 0.0001, atMostSeconds: 0.002 }],
  ])('%s', (text, range) => {
    expect(parseLatencyRange(text)).toEqual(range)
  })

  it.each([
    '',
    '2',
    '<2',
    'ms',
    '<2m',
    '<2 MS',
    '<-2ms',
    '<0ms',
    '<1ms <2ms',
    '>1ms, <2ms,',
    '<1ms <2ms >3ms',
    '<1001s',
    '=2ms',
    '<2ms or so',
  ])('%j is none', (text) => {
    expect(parseLatencyRange(text)).toBeNull()
  })

  it('is read from a file beside the others, in an arm, and from what a run recorded', () => {
    const { constraints } = loadConfig(fileOf('constraints: { params: <500k, latency: <2ms }'))
    expect(constraints).toEqual({ params: { atMost: 499_999 }, latency: { atMostSeconds: 0.002 } })
    expect(loadConfig(fileOf(stringify({ constraints }))).constraints).toEqual(constraints)
  })

  it.each([
    [
      'constraints: { latency: 2 }',
      /limits\.yaml:3:25 +constraints\.latency must be a time for one image such as <2ms/,
    ],
    [
      'constraints: { latency: <2 }',
      /limits\.yaml:3:25 +constraints\.latency must be a time for one image such as <2ms/,
    ],
    ['constraints: { latency: ">2ms <1ms" }', /limits\.yaml:3:25 +constraints\.latency must have a lower limit below/],
  ])('%s is refused at its place', (text, message) => {
    expect(() => loadConfig(fileOf(text))).toThrow(message)
  })
})
