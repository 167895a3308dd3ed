import type { EnginePhases } from '../engines/engine.js'
import type { Clock } from '../platform/clock.js'
import type { Workload } from './workload.js'

/** How often work is timed: a number of times, or as often as fits into some seconds, within limits. */
export type Repetitions = { readonly steps: number } | { readonly seconds: number }

/** Where nothing else is asked for: enough for a median that means something, in a time that nobody minds. */
export const defaultRepetitions: Repetitions = { seconds: 2 }

const minSteps = 3
const maxSteps = 1000

export interface Timing {
  /** Seconds of each repetition, in order. */
  readonly seconds: readonly number[]
  /** Seconds a repetition by phase, on average; empty where the engine does not measure them. */
  readonly phases: EnginePhases
}

/** Runs the work, which should have run before: the first time allocates. */
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
