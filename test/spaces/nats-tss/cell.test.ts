import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ArchitectureError } from '../../../src/platform/errors.js'
import { natsTss } from '../../../src/spaces/nats-tss/index.js'
import { announceSkip, sharedData } from '../../support/shared-data.js'
import { uniformCell } from './cells.js'

const architecture = fc.integer({ min: 0, max: natsTss.size - 1 }).map((i) => natsTss.at(i))

describe('the order of nats-tss', () => {
  it.each([
    { index: 0, text: uniformCell('none') },
    { index: 1, text: '|none~0|+|none~0|none~1|+|none~0|none~1|skip_connect~2|' },
    { index: 5, text: '|none~0|+|none~0|none~1|+|none~0|skip_connect~1|none~2|' },
    { index: 3125, text: '|skip_connect~0|+|none~0|none~1|+|none~0|none~1|none~2|' },
    { index: 15_624, text: uniformCell('avg_pool_3x3') },
  ])('has $text at $index', ({ index, text }) => {
    expect(natsTss.at(index)).toBe(text)
    expect(natsTss.indexOf(text)).toBe(index)
  })
})

describe('neighbours', () => {
  it('are the 24 architectures that differ in exactly one operation', () => {
    fc.assert(
      fc.property(architecture, (text) => {
        const neighbours = natsTss.neighbours(text)
        expect(neighbours).toHaveLength(24)
        for (const neighbour of neighbours) {
          const parts = neighbour.split('|')
          expect(text.split('|').filter((part, i) => part !== parts[i])).toHaveLength(1)
        }
      }),
    )
  })
})

const csv = sharedData('nats-tss-accuracy.csv')
if (csv === null) announceSkip('nats-tss-accuracy.csv', 'the strings of the NATS-Bench table')

it.skipIf(csv === null)('all 15,625 strings of the NATS-Bench table parse, differ and round-trip', () => {
  const [header = '', ...rows] = readFileSync(csv ?? '', 'utf8')
    .trim()
    .split('\n')
  const column = header.split(',').indexOf('arch')
  const texts = rows.map((row) => row.split(',')[column] ?? '')
  expect(new Set(texts).size).toBe(15_625)
  expect(texts.map(natsTss.parse)).toEqual(texts)
  expect(new Set(texts.map(natsTss.indexOf)).size).toBe(natsTss.size)
})

describe('parse', () => {
  const list = 'none, skip_connect, nor_conv_1x1, nor_conv_3x3, avg_pool_3x3'

  it.each([
    {
      fault: 'no group',
      text: '',
      message: 'expected 3 groups joined by "+", one for each of the nodes 1 to 3, got 1',
    },
    {
      fault: 'two groups',
      text: '|none~0|+|none~0|none~1|',
      message: 'expected 3 groups joined by "+", one for each of the nodes 1 to 3, got 2',
    },
    {
      fault: 'a group without bars',
      text: 'none~0+|none~0|none~1|+|none~0|none~1|none~2|',
      message: 'the group of node 1 must begin and end with "|", got "none~0"',
    },
    {
      fault: 'a group of one bar',
      text: '|none~0|+|+|none~0|none~1|none~2|',
      message: 'the group of node 2 must begin and end with "|", got "|"',
    },
    {
      fault: 'too few operations',
      text: '|none~0|+|none~0|+|none~0|none~1|none~2|',
      message: 'node 2 must have 2 operations, got 1 in "|none~0|"',
    },
    {
      fault: 'too many operations',
      text: '|none~0|none~1|+|none~0|none~1|+|none~0|none~1|none~2|',
      message: 'node 1 must have 1 operation, got 2 in "|none~0|none~1|"',
    },
    {
      fault: 'a wrong source',
      text: '|none~0|+|none~0|none~1|+|none~0|none~2|none~2|',
      message: 'operation 2 of node 3 comes from node 1 and must read "<operation>~1", got "none~2"',
    },
    {
      fault: 'a missing source',
      text: '|none|+|none~0|none~1|+|none~0|none~1|none~2|',
      message: 'operation 1 of node 1 comes from node 0 and must read "<operation>~0", got "none"',
    },
    {
      fault: 'a near miss',
      text: '|none~0|+|none~0|conv_3x3~1|+|none~0|none~1|none~2|',
      message: `operation 2 of node 2 is "conv_3x3", which is unknown; did you mean nor_conv_3x3? (operations: ${list})`,
    },
    {
      fault: 'an operation far from any',
      text: '|dilated~0|+|none~0|none~1|+|none~0|none~1|none~2|',
      message: `operation 1 of node 1 is "dilated", which is unknown (operations: ${list})`,
    },
  ])('says what is wrong with $fault', ({ text, message }) => {
    const whole = `Not an architecture of nats-tss: "${text}": ${message}. The form is |op~0|+|op~0|op~1|+|op~0|op~1|op~2|.`
    expect(() => natsTss.parse(text)).toThrow(new ArchitectureError(whole))
  })
})
