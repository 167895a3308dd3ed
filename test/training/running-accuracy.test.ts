import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { RunningAccuracy } from '../../src/training/running-accuracy.js'

const steps = fc.array(
  fc
    .record({ count: fc.integer({ min: 1, max: 300 }), part: fc.double({ min: 0, max: 1, noNaN: true }) })
    .map(({ count, part }) => ({ count, correct: Math.round(part * count) })),
  { minLength: 1, maxLength: 80 },
)

describe('RunningAccuracy', () => {
  it('weights the steps of its window by their images', () => {
    const running = new RunningAccuracy(2)
    const seen = [
      { correct: 4, count: 4 },
      { correct: 1, count: 4 },
      { correct: 2, count: 2 },
    ].map((step) => {
      running.add(step)
      return [running.value, running.isFull]
    })
    expect(seen).toEqual([
      [1, false],
      [5 / 8, true],
      [3 / 6, true],
    ])
  })

  it('is the accuracy over the images of the last steps, to the last bit', () => {
    fc.assert(
      fc.property(steps, fc.integer({ min: 1, max: 90 }), (all, window) => {
        const running = new RunningAccuracy(window)
        for (const [i, step] of all.entries()) {
          running.add(step)
          const last = all.slice(Math.max(0, i + 1 - window), i + 1)
          const sum = (key: 'correct' | 'count'): number => last.reduce((total, one) => total + one[key], 0)
          expect(running.value).toBe(sum('correct') / sum('count'))
          expect(running.isFull).toBe(i + 1 >= window)
        }
      }),
    )
  })
})
