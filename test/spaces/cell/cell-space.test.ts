import { describe, expect, it } from 'vitest'
import { describeSpace } from '../../../src/conformance/index.js'
import { ArchitectureError, ConfigError } from '../../../src/platform/errors.js'
import { createRng } from '../../../src/platform/rng.js'
import { createCellSpace } from '../../../src/spaces/cell/index.js'
import { type CellOperation, cellOperations } from '../../../src/spaces/cell/operations.js'
import { countSpace } from '../../../src/spaces/describe.js'
import type { Architecture } from '../../../src/spaces/search-space.js'
import { createStrategy, defaultStrategyOptions } from '../../../src/strategies/registry.js'
import { silentHistory } from '../../strategies/histories.js'

const cells = (nodes: number, operations: readonly CellOperation[]) =>
  createCellSpace({ name: 'cell', nodes, operations })

describeSpace('of three nodes and two operations', cells(3, ['nor_conv_3x3', 'none']))
describeSpace('of four nodes without none', cells(4, ['skip_connect', 'avg_pool_3x3', 'nor_conv_1x1']))
describeSpace(
  'of six nodes and NATS-Bench operations',
  cells(6, ['none', 'skip_connect', 'nor_conv_1x1', 'nor_conv_3x3', 'avg_pool_3x3']),
)
describeSpace('of five nodes and all operations', cells(5, cellOperations))

describe('a vast space', () => {
  const vast = cells(5, cellOperations)

  it('has 8^10 architectures, of which nobody counts how many differ', () => {
    expect(vast.size).toBe(8 ** 10)
    expect(vast.distinct('string')).toBe(8 ** 10)
    expect(vast.distinct('isomorphism')).toBeNull()
    expect(countSpace(vast)).toEqual({ architectures: 8 ** 10, connected: null, canonical: null })
  })

  it.each(['random', 'regularized-evolution', 'local-search', 'tpe'])(
    'is searched by %s without visiting it: no canonical form twice',
    (name) => {
      const strategy = createStrategy(defaultStrategyOptions(name, 'isomorphism'), vast, createRng(1))
      const forms = new Set<string>()
      const proposed: Architecture[] = []
      while (proposed.length < 300) {
        const history = { ...silentHistory(proposed.length), hasProposed: (form: string) => forms.has(form) }
        const next = strategy.ask(history, createRng(proposed.length)) as Architecture
        proposed.push(next)
        forms.add(vast.canonical(next, 'isomorphism'))
      }
      expect(forms.size).toBe(300)
    },
  )

  it('is not enumerated', () => {
    const options = { name: 'enumeration', duplicates: 'isomorphism' } as const
    expect(() => createStrategy(options, vast, createRng(1))).toThrow(
      new ConfigError(
        'enumeration evaluates a whole space, but cell has 1073741824 architectures here: more than 300000. Use random.',
      ),
    )
  })

  it('is numbered up to the largest there may be: 5^21 of seven nodes', () => {
    const largest = cells(7, cellOperations.slice(0, 5))
    for (const index of [0, 1, largest.size - 1, Math.floor(largest.size / 3)]) {
      expect(largest.indexOf(largest.at(index))).toBe(index)
    }
    expect(largest.size).toBe(5 ** 21)
  })
})

describe('an impossible space', () => {
  it.each([
    {
      nodes: 2,
      operations: ['none', 'skip_connect'],
      message: 'nodes of a cell must be a whole number in 3..8, got 2.',
    },
    {
      nodes: 4,
      operations: ['none'],
      message: 'operations of a cell must be at least two.',
    },
    { nodes: 4, operations: ['none', 'none'], message: 'operations of a cell must be unique, got none twice.' },
    {
      nodes: 4,
      operations: ['none', 'sep_conv3x3'],
      message:
        'There is no operation "sep_conv3x3"; did you mean sep_conv_3x3? (operations of a cell: none, skip_connect, ' +
        'nor_conv_1x1, nor_conv_3x3, avg_pool_3x3, sep_conv_3x3, sep_conv_5x5, dil_conv_3x3).',
    },
    {
      nodes: 8,
      operations: cellOperations,
      message: 'This space cell has about 2^84 architectures, and at most 2^53 can be numbered.',
    },
  ])('$message', ({ nodes, operations, message }) => {
    expect(() => cells(nodes, operations as CellOperation[])).toThrow(new ConfigError(message))
  })
})

it('says what is wrong with a spelling, and what its form is', () => {
  const space = cells(3, ['none', 'sep_conv_3x3'])
  const wrong = '|none~0|+|none~0|nor_conv_3x3~1|'
  expect(() => space.parse(wrong)).toThrow(
    new ArchitectureError(
      `Not an architecture of cell: "${wrong}": operation 2 of node 2 is "nor_conv_3x3", which is unknown; did you mean ` +
        'sep_conv_3x3? (operations: none, sep_conv_3x3). The form is |op~0|+|op~0|op~1|.',
    ),
  )
})
