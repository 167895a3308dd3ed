import { describe, expect, it } from 'vitest'
import { benchmarkTraffic } from '../../src/benchmarks/traffic.js'
import { type BenchmarkKind, benchmarkFlops, createWorkload } from '../../src/benchmarks/workload.js'
import { loadEngine } from '../../src/engines/registry.js'
import { ArchitectureError, ConfigError } from '../../src/platform/errors.js'
import { tinyStep } from './cases.js'

/*
 * The tiny network, 2 channels: stem 1 -> 2 at 8x8; cells of one 3x3 convolution at 8x8, 4x4 and 2x2 with 2, 4 and 8
 * channels; between them reductions of a 3x3 convolution of stride 2, another one, and a pooled 1x1 convolution.
 */
const stem = 2 * 9 * 1 * (2 * 64)
const cells = [2 * 9 * 2 * (2 * 64), 2 * 9 * 4 * (4 * 16), 2 * 9 * 8 * (8 * 4)]
const reductions = [2 * (9 * 2 + 9 * 4 + 2) * (4 * 16), 2 * (9 * 4 + 9 * 8 + 4) * (8 * 4)]
const head = 2 * 10 * 8
const sum = (values: readonly number[]) => values.reduce((a, b) => a + b)

describe('the FLOPs of a case', () => {
  it.each([
    // The input gradient of the stem is not needed.
    ['step', 3 * (2 * stem + 3 * sum(cells) + 3 * sum(reductions) + 3 * head)],
    // The features need no gradient.
    ['tail', 3 * (2 * (cells[2] as number) + 3 * head)],
    ['evaluate', 3 * (stem + sum(cells) + sum(reductions) + head)],
  ] as const)('%s: counted by hand', (kind, flops) => {
    expect(benchmarkFlops({ ...tinyStep, kind, cut: kind === 'tail' ? 'last-stage' : null })).toBe(flops)
  })

  it('name the cuts there are when there is no such cut', () => {
    expect(() => benchmarkFlops({ ...tinyStep, kind: 'tail', cut: 'nowhere' })).toThrow(ConfigError)
    expect(() => benchmarkFlops({ ...tinyStep, architecture: 'nothing' })).toThrow(ArchitectureError)
  })
})

describe('the traffic of a case', () => {
  it('counts each operand and result once: the tail by hand', () => {
    // One convolution of 8 channels at 2x2: input and output, the output's gradient, the input again.
    expect(benchmarkTraffic({ ...tinyStep, kind: 'tail', cut: 'last-stage' })).toBe(3 * 4 * (4 * 32))
  })

  it('of inference is input and output of every edge', () => {
    const [first, second, third] = [2 * 64, 4 * 16, 8 * 4]
    const edges = [64 + first, 2 * first, 2 * second, 2 * third]
    const reduction = (wide: number, narrow: number) => [
      wide + narrow,
      2 * narrow,
      wide + narrow / 2,
      narrow / 2 + narrow,
    ]
    const values = sum([...edges, ...reduction(first, second), ...reduction(second, third)])
    expect(benchmarkTraffic({ ...tinyStep, kind: 'evaluate' })).toBe(3 * 4 * values)
  })
})

describe('a workload', () => {
  it.each<BenchmarkKind>(['step', 'tail', 'evaluate'])(
    '%s runs again and again, and frees its network',
    async (kind) => {
      const engine = await loadEngine('tfjs-cpu')
      const workload = createWorkload(engine, { ...tinyStep, kind, cut: kind === 'tail' ? 'last-stage' : null })
      workload.run()
      workload.run()
      expect(workload.phases()).toEqual({})
      workload.dispose()
      expect(() => workload.run()).toThrow('disposed')
    },
  )
})
