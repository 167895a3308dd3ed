import { describe, expect, it } from 'vitest'
import { systemClock } from '../../src/platform/clock.js'
import { threadCpuClock } from '../../src/platform/thread-clock.js'

const clock = threadCpuClock()
if (clock === null) process.stdout.write('skipped: the clock of a thread: neither this Node nor this system has one\n')

describe.skipIf(clock === null)('threadCpuClock', () => {
  const timed = (seconds: () => number, work: () => void): number => {
    const before = seconds()
    work()
    return seconds() - before
  }
  const cpu = (work: () => void): number => timed(() => clock?.now() ?? Number.NaN, work)

  it('runs while the thread works', () => {
    let wall = 0
    const busy = cpu(() => {
      wall = timed(systemClock.now, () => {
        const end = systemClock.now() + 0.3
        while (systemClock.now() < end);
      })
    })
    // However crowded the machine, it got some of the time; and never more than all of it, but for a tick.
    expect(busy).toBeGreaterThan(0)
    expect(busy).toBeLessThan(wall + 0.02)
  })

  it('stands still while the thread waits', () => {
    const gate = new Int32Array(new SharedArrayBuffer(4))
    const waited = cpu(() => Atomics.wait(gate, 0, 0, 300))
    expect(waited).toBeLessThan(0.15)
  })
})
