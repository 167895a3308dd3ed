import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { assertBalanced, balancedOrder, classCounts } from '../../src/datasets/class-balance.js'
import { createRng } from '../../src/platform/rng.js'

/** Labels of equally large classes in any order. */
const equalClasses = fc
  .tuple(fc.integer({ min: 1, max: 7 }), fc.integer({ min: 1, max: 9 }))
  .chain(([classes, each]) => {
    const labels = Array.from({ length: classes * each }, (_, i) => i % classes)
    return fc.tuple(
      fc.constant(classes),
      fc.shuffledSubarray(labels, { minLength: labels.length }).map((order) => Uint8Array.from(order)),
    )
  })

describe('balancedOrder', () => {
  it('is an order of all images, of which every beginning and every end is balanced', () => {
    fc.assert(
      fc.property(equalClasses, fc.string(), ([classes, labels], seed) => {
        const order = balancedOrder(labels, classes, createRng(seed))
        expect(new Set(order).size).toBe(labels.length)
        const ordered = Uint8Array.from(order, (image) => labels[image] as number)
        for (let n = 0; n <= ordered.length; n++) {
          assertBalanced({ labels: ordered.subarray(0, n) }, classes, 'first')
          assertBalanced({ labels: ordered.subarray(n) }, classes, 'last')
        }
      }),
    )
  })

  it('follows the seed', () => {
    const labels = Uint8Array.from({ length: 100 }, (_, i) => i % 10)
    const order = (seed: number) => balancedOrder(labels, 10, createRng(seed)).join()
    expect(order(1)).toBe(order(1))
    expect(order(1)).not.toBe(order(2))
  })

  it('holds every image where classes differ in size', () => {
    const labels = Uint8Array.of(0, 0, 0, 1, 0, 2, 2)
    expect([...balancedOrder(labels, 3, createRng(1))].sort()).toEqual([0, 1, 2, 3, 4, 5, 6])
  })
})

describe('assertBalanced', () => {
  it('names the counts', () => {
    const labels = Uint8Array.of(0, 0, 0, 2)
    expect(classCounts({ labels }, 3)).toEqual([3, 0, 1])
    expect(() => assertBalanced({ labels }, 3, 'test')).toThrow(
      'the test images are not balanced over the classes (3, 0, 1)',
    )
  })
})
