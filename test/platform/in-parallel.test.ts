import { setImmediate } from 'node:timers/promises'
import { expect, it } from 'vitest'
import { inParallel } from '../../src/platform/in-parallel.js'

it('works on every item, never on more than allowed, nor on more weight', async () => {
  const weights = [1, 5, 2, 2, 9, 1, 1, 3, 20, 1]
  const done: number[] = []
  let [running, weight, mostRunning] = [0, 0, 0]
  await inParallel(weights, { most: 3, weightOf: (item) => item, mostWeight: 10 }, async (item, index) => {
    running++
    weight += item
    mostRunning = Math.max(mostRunning, running)
    expect(running === 1 || weight <= 10).toBe(true)
    await setImmediate()
    running--
    weight -= item
    done.push(index)
  })
  expect(done.toSorted((a, b) => a - b)).toEqual([...weights.keys()])
  expect(mostRunning).toBe(3)
})

it('stops at the first error', async () => {
  const begun: number[] = []
  const work = inParallel([1, 2, 3, 4, 5, 6], { most: 2, weightOf: () => 1, mostWeight: 9 }, async (item) => {
    begun.push(item)
    await setImmediate()
    if (item <= 2) throw new Error(`item ${item}`)
  })
  await expect(work).rejects.toThrow('item 1')
  expect(begun).not.toContain(6)
})
