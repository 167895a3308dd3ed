import type { Engine, EnginePhases } from '../engines/engine.js'
import type { Clock } from '../platform/clock.js'
import { systemClock } from '../platform/clock.js'
import { ConfigError } from '../platform/errors.js'
import { median } from '../statistics/sample.js'
import { type EngineWish, loadBenchmarkEngine, parseEngineName } from './benchmark-engine.js'
import { timeInThreads } from './threads.js'
import { type Repetitions, type Timing, timeWorkload } from './timing.js'
import { type BenchmarkCase, benchmarkFlops, createWorkload } from './workload.js'

export interface BenchmarkOptions extends EngineWish {
  /** Number of worker threads, each with its own network. */
  readonly threads: number
  readonly repetitions: Repetitions
}

export interface BenchmarkResult {
  readonly engine: string
  /** The instruction set or device in use. */
  readonly isa: string
  readonly threads: number
  /** Seconds of one batch in one thread, median over all repetitions of all threads. */
  readonly medianSeconds: number
  readonly minSeconds: number
  /** Total of all threads: the sum of batch size divided by median time. */
  readonly imagesPerSecond: number
  /** 10^9 FLOPs a second of all threads together, as `benchmarkFlops` counts them. */
  readonly gflops: number
  /** Seconds per batch by phase, mean over all threads; empty if the engine does not measure them. */
  readonly phases: EnginePhases
  /** Repetitions timed, of all threads together. */
  readonly steps: number
}

/**
 * Times a case. A single thread runs in the caller's thread; several run in worker threads that all keep working until
 * the last has its timings, so that all are busy during every measurement.
 *
 * @param tell see `chooseEngine`
 * @throws EngineError if the engine does not load; ConfigError or ArchitectureError if the case or the options are bad.
 */
export async function runBenchmark(
  one: BenchmarkCase,
  options: BenchmarkOptions,
  clock: Clock = systemClock,
  tell?: (line: string) => void,
): Promise<BenchmarkResult> {
  const flops = benchmarkFlops(one)
  const engine = await loadBenchmarkEngine(options, { tell })
  const { threads } = options
  const { name, info } = engine
  if (threads > info.maxThreads) {
    throw new ConfigError(`The engine ${name} supports at most ${info.maxThreads} threads here, got ${threads}.`)
  }
  const timings =
    threads === 1
      ? [timeHere(engine, one, options.repetitions, clock)]
      : await timeInThreads(one, { ...options, engine: parseEngineName(name) })
  const batchesPerSecond = timings.reduce((sum, { seconds }) => sum + 1 / (median(seconds) as number), 0)
  const all = timings.flatMap(({ seconds }) => seconds)
  return {
    engine: name,
    isa: info.device,
    threads,
    medianSeconds: median(all) as number,
    minSeconds: Math.min(...all),
    imagesPerSecond: one.batch * batchesPerSecond,
    gflops: (flops * batchesPerSecond) / 1e9,
    phases: meanPhases(timings),
    steps: all.length,
  }
}

function timeHere(engine: Engine, one: BenchmarkCase, repetitions: Repetitions, clock: Clock): Timing {
  const workload = createWorkload(engine, one)
  try {
    workload.run()
    return timeWorkload(workload, repetitions, clock)
  } finally {
    workload.dispose()
  }
}

function meanPhases(timings: readonly Timing[]): EnginePhases {
  const names = Object.keys(timings[0]?.phases ?? {})
  const meanOf = (name: string) => timings.reduce((sum, { phases }) => sum + (phases[name] ?? 0), 0) / timings.length
  return Object.fromEntries(names.map((name) => [name, meanOf(name)]))
}
