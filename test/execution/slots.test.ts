import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Slots } from '../../src/execution/slots.js'

describe('slots', () => {
  it('run all tasks in order of arrival, a limited number at a time, failing ones too', async () => {
    await fc.assert(
      fc.asyncProperty(fc.scheduler(), fc.integer({ min: 1, max: 5 }), fc.nat(20), async (scheduler, count, tasks) => {
        const slots = new Slots(count)
        const started: number[] = []
        let running = 0
        let most = 0
        const results = Array.from({ length: tasks }, (_, i) =>
          slots.run(async () => {
            started.push(i)
            most = Math.max(most, ++running)
            await scheduler.schedule(Promise.resolve())
            running--
            if (i % 3 === 0) throw new Error('every third')
            return i
          }),
        )
        const settled = Promise.allSettled(results)
        await scheduler.waitFor(settled)
        expect(started).toEqual(Array.from({ length: tasks }, (_, i) => i))
        expect(most).toBe(Math.min(count, tasks))
        expect((await settled).map(({ status }) => status)).toEqual(
          started.map((i) => (i % 3 === 0 ? 'rejected' : 'fulfilled')),
        )
      }),
    )
  })
})
