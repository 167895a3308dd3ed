import { describe, expect, it } from 'vitest'
import { frozenPrefix, parameterCount, parameterLayout } from '../../src/networks/parameters.js'
import { twoConvolutions } from './two-convolutions.js'

describe('parameterLayout', () => {
  const layout = parameterLayout(twoConvolutions)

  it('lists weight, gamma and beta of each convolution in edge order, then the head', () => {
    expect(layout.parameters.map(({ name, kind, shape, edge }) => [name, kind, shape.join('x'), edge])).toEqual([
      ['first.conv', 'conv', '2x1x3x3', 0],
      ['first.bn.gamma', 'bn-gamma', '2', 0],
      ['first.bn.beta', 'bn-beta', '2', 0],
      ['second.conv', 'conv', '3x2x1x1', 2],
      ['lastact.bn.gamma', 'bn-gamma', '3', null],
      ['lastact.bn.beta', 'bn-beta', '3', null],
      ['classifier.weight', 'linear-weight', '5x3', null],
      ['classifier.bias', 'linear-bias', '5', null],
    ])
  })

  it('fills the flat vector without gap or overlap', () => {
    let end = 0
    for (const parameter of layout.parameters) {
      expect(parameter.offset).toBe(end)
      expect(parameter.size).toBe(parameter.shape.reduce((product, length) => product * length, 1))
      end += parameter.size
    }
    expect(end).toBe(layout.parameterCount)
    // 18 + 2 + 2, then 6, then 3 + 3 + 15 + 5.
    expect(end).toBe(54)
  })

  it('lists the batch norms with their place in the statistics', () => {
    expect(layout.batchNorms).toEqual([
      { name: 'first.bn', channels: 2, offset: 0, edge: 0 },
      { name: 'lastact.bn', channels: 3, offset: 2, edge: null },
    ])
    expect(layout.statisticsCount).toBe(5)
  })

  it('throws RangeError where an edge leads out of the network', () => {
    const [first] = twoConvolutions.edges
    const broken = { ...twoConvolutions, edges: first === undefined ? [] : [{ ...first, to: 9 }] }
    expect(() => parameterLayout(broken)).toThrow(new RangeError('node 9 is not in the network of 4 nodes'))
  })
})

it('parameterCount is the length of the flat vector', () => {
  expect(parameterCount(twoConvolutions)).toBe(54)
})

describe('frozenPrefix', () => {
  it.each([
    { cut: 'none', node: 0, parameters: 0, statistics: 0 },
    { cut: 'cells.1', node: 1, parameters: 22, statistics: 2 },
    { cut: 'head', node: 3, parameters: 28, statistics: 2 },
  ])('of cut $cut is $parameters parameters and $statistics statistics', ({ node, parameters, statistics }) => {
    expect(frozenPrefix(twoConvolutions, node)).toEqual({ parameters, statistics })
  })
})
