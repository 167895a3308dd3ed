import { overSearches } from './over-searches.js'
import type { Improvement, SimulatedSearch } from './simulate-search.js'
import type { CurvePoint } from './simulation.js'

/** Maximum number of points per curve. */
const curvePoints = 100

/** The course of a search with its regret. */
export interface RegretCourse {
  readonly search: SimulatedSearch
  /** Regret after each improvement, in 0..1. */
  readonly regrets: readonly number[]
}

/** The mean regret after 1 trial, ..., after all. A search that ended early keeps its last regret. */
export function regretByTrials(courses: readonly RegretCourse[]): readonly CurvePoint[] {
  const trials = Math.max(...courses.map(({ search }) => search.trials))
  const grid = new Set(geometricGrid(1, trials).map(Math.round))
  return curve(courses, [...grid], (improvement) => improvement.trials)
}

/** The mean regret against simulated seconds, starting when every search has finished a trial. */
export function regretBySeconds(courses: readonly RegretCourse[]): readonly CurvePoint[] {
  const from = Math.max(...courses.map(({ search }) => search.improvements[0]?.seconds ?? Infinity))
  const to = Math.max(...courses.map(({ search }) => search.seconds))
  return curve(courses, geometricGrid(from, to), (improvement) => improvement.seconds)
}

function curve(
  courses: readonly RegretCourse[],
  grid: readonly number[],
  when: (improvement: Improvement) => number,
): readonly CurvePoint[] {
  const reached = courses.map(() => 0)
  return grid.map((at) => {
    const regrets = courses.map(({ search, regrets }, i) => {
      let next = reached[i] as number
      for (;;) {
        const improvement = search.improvements[next]
        if (improvement === undefined || when(improvement) > at) break
        next++
      }
      reached[i] = next
      return regrets[next - 1] as number
    })
    return { at, regret: overSearches(regrets) }
  })
}

/**
 * Points from `from` to `to`, inclusive, evenly spaced on a logarithmic axis, since searches improve most at the
 * beginning.
 */
function geometricGrid(from: number, to: number): readonly number[] {
  if (from >= to) return [to]
  const last = curvePoints - 1
  return Array.from({ length: curvePoints }, (_, i) => {
    if (i === 0) return from
    return i === last ? to : from * (to / from) ** (i / last)
  })
}
