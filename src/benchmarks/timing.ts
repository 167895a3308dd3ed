import type { EnginePhases } from '../engines/engine.js'
import type { Clock } from '../platform/clock.js'
import type { Workload } from './workload.js'

/** The number of repetitions: fixed, or as many as fit into some seconds, within limits. */
export type Repetitions = { readonly steps: number } | { readonly seconds: number }

/** Default: enough for a meaningful median in a short time. */
export const defaultRepetitions: Repetitions = { seconds: 2 }

const minSteps = 3
const maxSteps = 1000

export interface Timing {
  /** Seconds of each repetition, in order. */
  readonly seconds: readonly number[]
  /** Mean seconds per repetition by phase; empty if the engine does not measure them. */
  readonly phases: EnginePhases
}

/** Times the work, which should have run once before, since the first run allocates. */
export function timeWorkload(workload: Workload, repetitions: Repetitions, clock: Clock): Timing {
  const before = workload.phases()
  const seconds: number[] = []
  for (let total = 0; !isEnough(repetitions, seconds.length, total); ) {
    const started = clock.now()
    workload.run()
    const taken = clock.now() - started
    seconds.push(taken)
    total += taken
  }
  const phases = Object.entries(workload.phases()).map(([name, total]) => {
    return [name, (total - (before[name] ?? 0)) / seconds.length] as const
  })
  return { seconds, phases: Object.fromEntries(phases) }
}

function isEnough(repetitions: Repetitions, steps: number, seconds: number): boolean {
  if ('steps' in repetitions) return steps >= repetitions.steps
  return steps >= maxSteps || (steps >= minSteps && seconds >= repetitions.seconds)
}
