import { costIn } from '../../evaluators/outcome.js'
import type { FullTraining, MeasuredArm } from './measured-arm.js'
import { type ReplayedTrial, replayTrial } from './replay-trial.js'
import { WorkerClocks } from './worker-clocks.js'

/** Cost and result of a search if it had ended after a number of architectures. */
export interface Stop {
  /** All of its evaluations and the full training of its finalists. */
  readonly computeSeconds: number
  readonly trainingFlops: number
  /** As `computeSeconds`, with the work list-scheduled on the workers. */
  readonly wallSeconds: number
  /** Trial index of the final network; null if none was trained in full. */
  readonly winner: number | null
  /** Its accuracy on the test images, in 0..1. */
  readonly testAccuracy: number | null
}

export interface ReplayedSearch {
  /** For one architecture, two, and so on; the last is the whole search. */
  readonly stops: readonly Stop[]
  readonly rejected: number
  /** Number of extrapolated evaluations; see `replayTrial`. */
  readonly extrapolated: number
}

interface Leader {
  readonly trial: number
  /** In the search's own order. */
  readonly position: number
  readonly score: number
}

/**
 * A search over architectures of a measured trial table, in the order of `draw` (indices into the table): rejection is
 * decided again in this order, the best by score are trained in full, and the best of these by validation accuracy is
 * the result. With all trials in their original order it equals the measured search.
 *
 * A trial may be drawn more than once. It then costs each time, but is trained in full only once.
 *
 * @param full the full training of each trial.
 */
export function replaySearch(
  arm: MeasuredArm,
  full: readonly FullTraining[],
  draw: ArrayLike<number>,
  workers: number,
): ReplayedSearch {
  const { trainsInFull } = arm
  const reference = new Reference(arm)
  const clocks = new WorkerClocks(workers, fixedWallSeconds(arm, workers))
  /** `ends[i]`: when all trials up to the i-th have ended. */
  const ends: number[] = []
  const stops: Stop[] = []
  let leaders: readonly Leader[] = []
  let ending = handOver(leaders, full, workers, trainsInFull)
  let { computeSeconds, trainingFlops } = arm.fixedCost
  let rejected = 0
  let extrapolated = 0

  for (let position = 0; position < draw.length; position++) {
    const trial = draw[position] as number
    const replayed = replayTrial(at(arm.trials, trial), arm.rejection, reference.cheapest(position))
    reference.add(replayed, trial)
    computeSeconds += replayed.cost.computeSeconds
    trainingFlops += replayed.cost.trainingFlops
    rejected += Number(replayed.rejected)
    extrapolated += Number(replayed.extrapolated)
    // The search waits for the trials it compares with, so that it is the same on any number of workers.
    const waitsFor = reference.isAwaited ? (ends[position - reference.lag] ?? 0) : 0
    ends.push(Math.max(ends[position - 1] ?? 0, clocks.run(replayed.cost.computeSeconds, waitsFor)))

    if (replayed.score !== null) {
      const leader = { trial, position, score: replayed.score }
      const next = withLeader(leaders, leader, trainsInFull ? 1 : arm.finalists)
      if (next !== leaders) ending = handOver(next, full, workers, trainsInFull)
      leaders = next
    }
    stops.push({
      computeSeconds: computeSeconds + ending.computeSeconds,
      trainingFlops: trainingFlops + ending.trainingFlops,
      wallSeconds: clocks.makespan + ending.wallSeconds,
      winner: ending.winner,
      testAccuracy: ending.testAccuracy,
    })
  }
  return { stops, rejected, extrapolated }
}

/** Scheduling of the work before the first trial. */
function fixedWallSeconds(
  { fixedCost, fixedSeconds = [fixedCost.computeSeconds] }: MeasuredArm,
  workers: number,
): number {
  const clocks = new WorkerClocks(workers)
  for (const seconds of fixedSeconds) clocks.run(seconds)
  return clocks.makespan
}

/** The cheapest stage 1 that a trial is compared with, of scored trials at least `lag` positions before it. */
class Reference {
  readonly lag: number
  /** Whether a trial starts only after the trials it is compared with have ended. */
  readonly isAwaited: boolean
  readonly #arm: MeasuredArm
  readonly #costs: number[] = []
  #cheapest = Infinity
  #compared = 0

  constructor(arm: MeasuredArm) {
    this.#arm = arm
    this.lag = arm.rejection?.lag ?? Infinity
    this.isAwaited = arm.rejection !== null && arm.rejection.unit !== 'seconds'
  }

  cheapest(position: number): number {
    for (; this.#compared <= position - this.lag; this.#compared++) {
      this.#cheapest = Math.min(this.#cheapest, this.#costs[this.#compared] as number)
    }
    return this.#cheapest
  }

  add({ score }: ReplayedTrial, trial: number): void {
    const { rejection, trials } = this.#arm
    const stage1 = trials[trial]?.stage1
    const sets = rejection !== null && score !== null && stage1 != null
    this.#costs.push(sets ? costIn(rejection.unit, stage1.cost) : Infinity)
  }
}

/** The best `count` by score, best first; for equal scores the earlier first. A trial counts once. */
function withLeader(leaders: readonly Leader[], leader: Leader, count: number): readonly Leader[] {
  if (leaders.some(({ trial }) => trial === leader.trial)) return leaders
  const rank = leaders.findIndex(({ score }) => score < leader.score)
  if (rank < 0 && leaders.length >= count) return leaders
  return leaders.toSpliced(rank < 0 ? leaders.length : rank, 0, leader).slice(0, count)
}

/** The best by validation accuracy after full training; for equal ones the earlier. Null if none has one. */
function bestInFull(leaders: readonly Leader[], full: readonly FullTraining[]): number | null {
  const [best] = leaders
    .flatMap(({ trial, position }) => {
      const accuracy = at(full, trial).validationAccuracy
      return accuracy === null ? [] : [{ trial, position, accuracy }]
    })
    .sort((a, b) => b.accuracy - a.accuracy || a.position - b.position)
  return best?.trial ?? null
}

/** The cost of ending now, and the resulting network; no cost if all are trained in full already. */
function handOver(
  leaders: readonly Leader[],
  full: readonly FullTraining[],
  workers: number,
  areTrained: boolean,
): Stop {
  const clocks = new WorkerClocks(workers)
  let computeSeconds = 0
  let trainingFlops = 0
  for (const { trial } of areTrained ? [] : leaders) {
    const { cost } = at(full, trial)
    clocks.run(cost.computeSeconds)
    computeSeconds += cost.computeSeconds
    trainingFlops += cost.trainingFlops
  }
  const winner = bestInFull(leaders, full)
  const testAccuracy = winner === null ? null : at(full, winner).testAccuracy
  return { computeSeconds, trainingFlops, wallSeconds: clocks.makespan, winner, testAccuracy }
}

function at<T>(list: readonly T[], index: number): T {
  const item = list[index]
  if (item !== undefined) return item
  throw new RangeError(`trial ${index} was drawn from ${list.length}`)
}
