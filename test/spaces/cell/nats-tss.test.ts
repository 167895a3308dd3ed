import { expect, it } from 'vitest'
import { createCellSpace } from '../../../src/spaces/cell/index.js'
import { natsTss } from '../../../src/spaces/nats-tss/index.js'
import type { DuplicateLevel, MacroSpec } from '../../../src/spaces/search-space.js'

const cells = createCellSpace({
  name: 'cell',
  nodes: 4,
  operations: ['none', 'skip_connect', 'nor_conv_1x1', 'nor_conv_3x3', 'avg_pool_3x3'],
})
const levels: readonly DuplicateLevel[] = ['string', 'nats-bench', 'isomorphism']
const macro: MacroSpec = { channels: 4, cells: 1, input: { channels: 1, height: 8, width: 8 }, classes: 10 }

it('four nodes and the five operations of NATS-Bench are nats-tss: all spellings, forms, choices and networks', () => {
  expect(cells.size).toBe(natsTss.size)
  for (let index = 0; index < natsTss.size; index++) {
    const text = natsTss.at(index)
    const seen = [
      cells.at(index),
      ...levels.map((level) => cells.canonical(text, level)),
      cells.isConnected(text),
      ...cells.choices(text),
    ]
    const expected = [
      text,
      ...levels.map((level) => natsTss.canonical(text, level)),
      natsTss.isConnected(text),
      ...natsTss.choices(text),
    ]
    if (JSON.stringify(seen) !== JSON.stringify(expected)) expect(seen).toEqual(expected)
    if (index % 50 === 0) {
      expect(cells.network(text, macro)).toEqual(natsTss.network(text, macro))
      expect(cells.neighbours(text)).toEqual(natsTss.neighbours(text))
    }
  }
})

it('counts by itself what is known of nats-tss', () => {
  expect(levels.map((level) => cells.distinct(level))).toEqual([15_625, 6_466, 4_930])
  expect(cells.decisions).toEqual(natsTss.decisions)
})
