import { describe, expect, it } from 'vitest'
import { createRng } from '../../../src/platform/rng.js'
import { natsTss } from '../../../src/spaces/nats-tss/index.js'
import { uniformCell } from './cells.js'

const all = Array.from({ length: natsTss.size }, (_, i) => natsTss.at(i))
const forms = all.map((text) => natsTss.canonical(text, 'isomorphism'))

describe('the counts known from the literature', () => {
  it('NATS-Bench reports 6,466 unique architectures', () => {
    expect(new Set(all.map((text) => natsTss.canonical(text, 'nats-bench'))).size).toBe(6_466)
    expect(natsTss.distinct('nats-bench')).toBe(6_466)
  })

  it('4,930 are different functions', () => {
    expect(new Set(forms).size).toBe(4_930)
    expect(natsTss.distinct('isomorphism')).toBe(4_930)
  })

  it('15,284 have a path from input to output', () => {
    expect(all.filter(natsTss.isConnected)).toHaveLength(15_284)
  })
})

describe('the forms', () => {
  it.each([
    { text: uniformCell('none'), natsBench: '#+#+#', isomorphism: '0' },
    {
      // Both sums hold a sum, which NATS-Bench keeps and we flatten: 0+0 at node 2, then 0, 0 and 0+0 at node 3.
      text: uniformCell('skip_connect'),
      natsBench: '0+0+0+0',
      isomorphism: 'x+x+x+x',
    },
    {
      text: '|nor_conv_3x3~0|+|none~0|skip_connect~1|+|none~0|none~1|avg_pool_3x3~2|',
      natsBench: '#+#+(#+(0)@nor_conv_3x3)@avg_pool_3x3',
      isomorphism: 'avg_pool_3x3(nor_conv_3x3(x))',
    },
    {
      text: '|none~0|+|skip_connect~0|nor_conv_1x1~1|+|none~0|none~1|nor_conv_1x1~2|',
      natsBench: '#+#+(#+0)@nor_conv_1x1',
      isomorphism: 'nor_conv_1x1(x)',
    },
  ])('of $text', ({ text, natsBench, isomorphism }) => {
    expect(natsTss.canonical(text, 'string')).toBe(text)
    expect(natsTss.canonical(text, 'nats-bench')).toBe(natsBench)
    expect(natsTss.canonical(text, 'isomorphism')).toBe(isomorphism)
  })

  it.each([
    {
      rule: 'nodes 1 and 2 may change places',
      a: '|nor_conv_3x3~0|+|nor_conv_1x1~0|none~1|+|none~0|avg_pool_3x3~1|skip_connect~2|',
      b: '|nor_conv_1x1~0|+|nor_conv_3x3~0|none~1|+|none~0|skip_connect~1|avg_pool_3x3~2|',
    },
    {
      rule: 'a skip connection may stand before or after an operation',
      a: '|skip_connect~0|+|none~0|nor_conv_3x3~1|+|none~0|none~1|skip_connect~2|',
      b: '|nor_conv_3x3~0|+|none~0|none~1|+|none~0|skip_connect~1|none~2|',
    },
    {
      rule: 'a node that leads nowhere does not matter',
      a: '|nor_conv_3x3~0|+|avg_pool_3x3~0|nor_conv_1x1~1|+|skip_connect~0|none~1|none~2|',
      b: '|none~0|+|none~0|none~1|+|skip_connect~0|none~1|none~2|',
    },
    {
      rule: 'a sum inside a sum is one sum',
      a: '|nor_conv_3x3~0|+|avg_pool_3x3~0|skip_connect~1|+|nor_conv_1x1~0|none~1|skip_connect~2|',
      b: '|nor_conv_3x3~0|+|avg_pool_3x3~0|none~1|+|nor_conv_1x1~0|skip_connect~1|skip_connect~2|',
    },
    {
      rule: 'an operation on zero is zero',
      a: '|none~0|+|skip_connect~0|nor_conv_3x3~1|+|none~0|avg_pool_3x3~1|nor_conv_1x1~2|',
      b: '|none~0|+|none~0|none~1|+|nor_conv_1x1~0|none~1|none~2|',
    },
  ])('isomorphism: $rule', ({ a, b }) => {
    expect(natsTss.canonical(a, 'isomorphism')).toBe(natsTss.canonical(b, 'isomorphism'))
  })

  it('isomorphism: the order of operations matters', () => {
    const a = '|nor_conv_3x3~0|+|none~0|avg_pool_3x3~1|+|none~0|none~1|skip_connect~2|'
    const b = '|avg_pool_3x3~0|+|none~0|nor_conv_3x3~1|+|none~0|none~1|skip_connect~2|'
    expect(natsTss.canonical(a, 'isomorphism')).not.toBe(natsTss.canonical(b, 'isomorphism'))
  })
})

/** A prime below 2^26: products of two remainders are exact in a double. */
const prime = 67_108_859

/**
 * The cell as a function of a number, node by node from its string alone: sums modulo a prime, and for each operation a
 * fixed polynomial without a constant term, so that zero stays zero.
 */
function evaluateCell(text: string, input: number): number {
  const values = [input]
  for (const group of text.split('+')) {
    let sum = 0
    for (const [, operation = '', from = ''] of group.matchAll(/(\w+)~(\d)/g)) {
      sum = (sum + apply(operation, values[Number(from)] ?? Number.NaN)) % prime
    }
    values.push(sum)
  }
  return values[3] ?? Number.NaN
}

/** Cubic, since quadratic ones have identities of their own, by which some different forms would coincide. */
const polynomials: Readonly<Record<string, readonly number[]>> = {
  none: [],
  skip_connect: [1],
  nor_conv_1x1: [12_345_701, 48_271_003, 9_601_337],
  nor_conv_3x3: [49_979_693, 2_718_281, 30_011_959],
  avg_pool_3x3: [31_415_927, 60_221_407, 16_180_339],
}

/** Horner's scheme for c1 v + c2 v^2 + c3 v^3. */
function apply(operation: string, value: number): number {
  const polynomial = polynomials[operation] ?? [Number.NaN]
  return polynomial.reduceRight((sum, coefficient) => (((sum + coefficient) % prime) * value) % prime, 0)
}

it('isomorphism: two cells have one form exactly when they are one function', () => {
  const rng = createRng('inputs')
  const inputs = [rng.integer(prime), rng.integer(prime)]
  const behaviours = all.map((text) => inputs.map((input) => evaluateCell(text, input)).join())
  const pairs = new Set(behaviours.map((behaviour, i) => `${behaviour} ${forms[i]}`))
  expect(behaviours.some((behaviour) => behaviour.includes('NaN'))).toBe(false)
  expect(new Set(behaviours).size).toBe(new Set(forms).size)
  expect(pairs.size).toBe(new Set(forms).size)
})
