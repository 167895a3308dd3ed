import type { Interruption } from '../../training/epoch.js'
import type { FearOptions } from '../evaluator.js'
import { costIn } from '../outcome.js'
import { trainWhole } from '../train-whole.js'
import type { TrialRun } from '../trial-run.js'

/** How stage 1 ended; train accuracies are the best over its epochs. */
export type Stage1Result =
  | { readonly kind: 'reached'; readonly epochs: number; readonly trainAccuracy: number }
  | { readonly kind: 'rejected'; readonly limit: number; readonly bestTrainAccuracy: number }
  | { readonly kind: 'below-threshold'; readonly bestTrainAccuracy: number }
  | Interruption

/**
 * Stage 1, "conditional training": trains the whole network until an epoch's train accuracy reaches the threshold.
 * Accuracy and cost are looked at when an epoch ends, as the authors do, so that every network sees whole epochs.
 *
 * Paper note: the authors' code decides by time alone once an epoch has ended. A network that reaches the threshold in
 * the very epoch that exceeds the limit is dropped there, and one that never reaches it before the cap goes on to
 * stage 2 and may even become the reference. Here the two questions are separate: who has reached the threshold is
 * never rejected, for its stage 1 is paid for and it is no slow learner left to stop (with costs in FLOPs a wide
 * network may exceed the limit in its first epoch); who has not reached it has no score and never is a reference.
 */
export function runStage1(run: TrialRun, options: FearOptions): Stage1Result {
  const { threshold, maxEpochs, ratio, cost, stage1 } = options
  const { meter, context } = run
  let bestTrainAccuracy = 0
  let verdict: Stage1Result | null = null

  const trained = trainWhole(run, {
    ...stage1,
    // The cosine spans the cap, which is known, not the epochs that will be needed, which are not: it hardly falls.
    epochs: maxEpochs,
    stop({ epoch, trainAccuracy }) {
      bestTrainAccuracy = Math.max(bestTrainAccuracy, trainAccuracy)
      if (trainAccuracy >= threshold) {
        verdict = { kind: 'reached', epochs: epoch + 1, trainAccuracy }
        return true
      }
      // Asked anew each epoch: trials that run at the same time may have lowered it.
      const limit = ratio === null ? Infinity : ratio * context.rejection.cheapest()
      if (costIn(cost, meter.phaseCost()) < limit) return false
      verdict = { kind: 'rejected', limit, bestTrainAccuracy }
      return true
    },
  })
  if (trained.kind !== 'finished') return trained
  return verdict ?? { kind: 'below-threshold', bestTrainAccuracy }
}
