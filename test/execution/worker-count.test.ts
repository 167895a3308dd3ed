import { describe, expect, it } from 'vitest'
import { workerCount } from '../../src/execution/worker-count.js'
import { physicalCores } from '../../src/platform/hardware.js'

const cpu = { gpu: false, maxThreads: Infinity }
const gpu = { gpu: true, maxThreads: Infinity }

describe('the number of workers', () => {
  it('is what was wished for, as far as the engine can have them', () => {
    expect(workerCount(3, cpu)).toBe(3)
    expect(workerCount(3, { ...cpu, maxThreads: 2 })).toBe(2)
    expect(workerCount('auto', { ...cpu, maxThreads: 1 })).toBe(1)
  })

  it('is by itself one for each core, or for each GPU that the engine uses', () => {
    expect(workerCount('auto', cpu, () => 7)).toBe(physicalCores())
    expect(workerCount('auto', gpu, () => 7)).toBe(7)
    expect(workerCount('auto', gpu, () => 0)).toBe(1)
  })
})
