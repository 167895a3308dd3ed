import { describe, expect, it } from 'vitest'
import { parseEngineName } from '../../src/benchmarks/benchmark-engine.js'
import { estimateStep } from '../../src/benchmarks/engine-speed.js'
import { expectedSeconds, expectedSteps } from '../../src/benchmarks/expected-time.js'
import { type BenchmarkOptions, runBenchmark } from '../../src/benchmarks/run-benchmark.js'
import { benchmarkFlops } from '../../src/benchmarks/workload.js'
import { loadEngine } from '../../src/engines/registry.js'
import { systemClock } from '../../src/platform/clock.js'
import { ConfigError } from '../../src/platform/errors.js'
import { tinyStep } from './cases.js'

const options: BenchmarkOptions = { engine: 'tfjs-cpu', isa: null, threads: 1, repetitions: { steps: 3 } }

describe('a benchmark', () => {
  it('in one thread: its figures agree with each other', async () => {
    const result = await runBenchmark(tinyStep, options)
    expect(result).toMatchObject({ engine: 'tfjs-cpu', isa: 'javascript', threads: 1, steps: 3, phases: {} })
    expect(result.minSeconds).toBeLessThanOrEqual(result.medianSeconds)
    expect(result.imagesPerSecond).toBeCloseTo(tinyStep.batch / result.medianSeconds, 6)
    expect(result.gflops).toBeCloseTo(benchmarkFlops(tinyStep) / result.medianSeconds / 1e9, 9)
  })

  it('in two threads: the timings of both', async () => {
    const result = await runBenchmark(tinyStep, { ...options, threads: 2 })
    expect(result).toMatchObject({ threads: 2, steps: 6 })
    // Between twice the slowest thread and twice the fastest one.
    expect(result.imagesPerSecond).toBeLessThanOrEqual((2 * tinyStep.batch) / result.minSeconds)
    expect(result.gflops / result.imagesPerSecond).toBeCloseTo(benchmarkFlops(tinyStep) / tinyStep.batch / 1e9, 9)
  })

  it('refuses instruction sets of engines that have none', async () => {
    await expect(runBenchmark(tinyStep, { ...options, isa: 'avx2' })).rejects.toThrow(ConfigError)
  })

  it('takes the names of engines only, and guesses what was meant', () => {
    expect(parseEngineName('auto')).toBe('auto')
    expect(() => parseEngineName('natve')).toThrow('did you mean native?')
  })
})

describe('the estimate of a step', () => {
  it('is measured where there is time, and scaled from a small batch where there is not', async () => {
    const engine = await loadEngine('tfjs-cpu')
    const batch = { ...tinyStep, batch: 16 }
    expect(estimateStep(engine, batch, systemClock, 4)).toMatchObject({ measuredBatch: 16 })
    expect(estimateStep(engine, batch, systemClock, 0)).toMatchObject({ measuredBatch: 4 })
  })
})

describe('the expected time of a comparison', () => {
  const plan = { trials: 40, trainImages: 2500, epochs: 16, batch: 64, finalists: 3 }

  it('counts the steps of both arms', () => {
    // 40 steps an epoch; FEAR: 3.4 epochs and a fifth for stage 2 each, three finalists; full: 16 epochs each.
    expect(expectedSteps(plan)).toBeCloseTo(40 * (40 * 2.2 * 1.72 + 3 * 16 + 40 * 16), 6)
  })

  it('is shared by the workers', () => {
    expect(expectedSeconds(plan, 0.01, 2)).toBeCloseTo(expectedSeconds(plan, 0.01, 1) / 2, 9)
  })
})
