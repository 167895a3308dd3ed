import type { Interruption } from '../../training/epoch.js'
import { RunningAccuracy } from '../../training/running-accuracy.js'
import { costIn } from '../outcome.js'
import { trainWhole } from '../train-whole.js'
import type { TrialRun } from '../trial-run.js'
import type { FearOptions } from './options.js'

/** How stage 1 ended; the best train accuracy is over whole epochs or windows, or of what there was of the first one. */
export type Stage1Result =
  | { readonly kind: 'reached'; readonly trainAccuracy: number }
  | { readonly kind: 'rejected'; readonly limit: number; readonly bestTrainAccuracy: number }
  | { readonly kind: 'below-threshold'; readonly bestTrainAccuracy: number }
  | Interruption

/**
 * Stage 1, "conditional training": trains the whole network until its train accuracy reaches the threshold.
 *
 * Accuracy and cost are looked at when an epoch ends, as the authors do, so that every network sees whole epochs; or
 * (`check: window`) after every step, the accuracy being that of the last `window` steps, asked for once there are so
 * many. Then stage 1 ends at the very step, which matters where the threshold is reached in an epoch or two.
 *
 * Paper note: the authors' code decides by time alone once an epoch has ended. A network that reaches the threshold in
 * the very epoch that exceeds the limit is dropped there, and one that never reaches it before the cap goes on to
 * stage 2 and may even become the reference. Here the two questions are separate: who has reached the threshold is
 * never rejected, for its stage 1 is paid for and it is no slow learner left to stop (with costs in FLOPs a wide
 * network may exceed the limit in its first epoch); who has not reached it has no score and never is a reference.
 */
export function runStage1(run: TrialRun, options: FearOptions): Stage1Result {
  const { batch, learningRate, schedule, check, window } = options.stage1
  const watch = new Stage1Watch(run, options)
  const running = new RunningAccuracy(window)
  const trained = trainWhole(run, {
    batch,
    learningRate,
    schedule,
    // The cosine spans the cap, which is known, not the epochs that will be needed, which are not: it hardly falls.
    epochs: options.maxEpochs,
    ...(check === 'epoch'
      ? { stop: ({ trainAccuracy }) => watch.look(trainAccuracy, true) }
      : {
          stopAfterStep(step) {
            running.add(step)
            return watch.look(running.value, running.isFull)
          },
        }),
  })
  return trained.kind === 'finished' ? watch.result() : trained
}

/** Looks at a stage 1 from time to time, and says when it ends and why. */
class Stage1Watch {
  readonly #run: TrialRun
  readonly #options: FearOptions
  #best: number | null = null
  #verdict: Stage1Result | null = null

  constructor(run: TrialRun, options: FearOptions) {
    this.#run = run
    this.#options = options
  }

  /**
   * Whether stage 1 ends here.
   *
   * @param isWhole whether the accuracy is that of a whole epoch or window; else cost alone is looked at.
   */
  look(trainAccuracy: number, isWhole: boolean): boolean {
    const { threshold, ratio, cost } = this.#options
    const { meter, context } = this.#run
    if (isWhole) this.#best = Math.max(this.#best ?? 0, trainAccuracy)
    if (isWhole && trainAccuracy >= threshold) {
      this.#verdict = { kind: 'reached', trainAccuracy }
      return true
    }
    // Asked anew each time: trials that run at the same time may have lowered it.
    const limit = ratio === null ? Infinity : ratio * context.rejection.cheapest()
    if (costIn(cost, meter.phaseCost()) < limit) return false
    this.#verdict = { kind: 'rejected', limit, bestTrainAccuracy: this.#best ?? trainAccuracy }
    return true
  }

  /** Once stage 1 has gone through. */
  result(): Stage1Result {
    return this.#verdict ?? { kind: 'below-threshold', bestTrainAccuracy: this.#best ?? 0 }
  }
}
