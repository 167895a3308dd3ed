import type { Config } from '../config/schema/config.js'
import type { EngineInfo } from '../engines/engine.js'
import { byName } from '../platform/by-name.js'
import type { Hardware } from '../platform/hardware.js'
import type { SpaceSetup } from '../spaces/registry.js'
import type { ArmResult, Comparison, Resampling, StudyResult } from '../studies/index.js'

/** Facts about a run that are known before it starts. */
export interface RunFacts {
  readonly command: string
  readonly config: Config
  readonly hardware: Hardware
  /** That of the last session. */
  readonly engine: { readonly name: string } & EngineInfo
  /** All instruction sets or GPUs of the run, in order of appearance; absent if there is only one. */
  readonly devices?: readonly string[] | undefined
  readonly workers: number
  readonly dataset: DatasetFacts
  /** The shape of the networks for this data set. Absent in older runs. */
  readonly space?: SpaceSetup | undefined
}

/** The images of a run. Older runs have no counts and no problems. */
export interface DatasetFacts {
  readonly name: string
  readonly fingerprint: string
  /** Number of training, validation and test images, also for `data.train: 0`. */
  readonly train?: number | undefined
  readonly validation?: number | undefined
  readonly test?: number | undefined
  /** Problems reported by `fear-nas data check`, such as test images among the training images. */
  readonly problems?: readonly string[] | undefined
}

/**
 * The result of a run as `summary.json` holds it. Accuracies in 0..1, speed-up = full / FEAR, difference = FEAR - full;
 * for several arms `speedup`, `testAccuracyDifference` and `rankCorrelation` are those of the first in `comparisons`.
 */
export interface Summary extends RunFacts {
  readonly schema: 1
  /** True if the run was stopped before its budget was used. */
  readonly stopped: boolean
  readonly arms: Readonly<Record<string, ArmSummary>>
  readonly speedup: ComparisonSummary['speedup'] | null
  readonly testAccuracyDifference: number | null
  readonly rankCorrelation: ComparisonSummary['rankCorrelation'] | null
  /** Every other arm compared with the full-training arm, by name. */
  readonly comparisons: Readonly<Record<string, ComparisonSummary>>
  /** Many searches replayed from the trial tables: means, intervals and anytime curves. */
  readonly resampling: Resampling | null
}

export interface ComparisonSummary {
  readonly against: string
  readonly speedup: { readonly [unit in 'computeSeconds' | 'wallSeconds' | 'trainingFlops']: number | null }
  readonly testAccuracyDifference: number | null
  readonly rankCorrelation: {
    readonly spearman: number | null
    readonly kendall: number | null
    readonly trials: number
  }
}

/** An arm as `summary.json` holds it: what `summariseArm` makes of its result. */
export type ArmSummary = ReturnType<typeof summariseArm>

export function summarise(facts: RunFacts, result: StudyResult): Summary {
  const comparisons = result.comparisons.map((comparison) => [comparison.arm, summariseComparison(comparison)] as const)
  const first = comparisons[0]?.[1]
  return {
    schema: 1,
    ...facts,
    stopped: result.stopped,
    arms: byName(result.arms.map((arm) => [arm.name, summariseArm(arm)])),
    speedup: first?.speedup ?? null,
    testAccuracyDifference: first?.testAccuracyDifference ?? null,
    rankCorrelation: first?.rankCorrelation ?? null,
    comparisons: byName(comparisons),
    resampling: result.resampling,
  }
}

function summariseComparison({
  against,
  speedup,
  testAccuracyDifference,
  rankCorrelation,
}: Comparison): ComparisonSummary {
  return {
    against,
    speedup: {
      computeSeconds: finite(speedup.computeSeconds),
      wallSeconds: finite(speedup.wallSeconds),
      trainingFlops: finite(speedup.trainingFlops),
    },
    testAccuracyDifference,
    rankCorrelation: {
      spearman: finite(rankCorrelation.spearman),
      kendall: finite(rankCorrelation.kendall),
      trials: rankCorrelation.trials,
    },
  }
}

function summariseArm(arm: ArmResult) {
  const { name: _, stopped: __, finalists, ...rest } = arm
  return {
    ...rest,
    finalists: finalists.map(({ trial, architecture, score }) => ({ trial, architecture, score })),
  }
}

/** JSON has no NaN: undefined values are null. */
function finite(value: number): number | null {
  return Number.isFinite(value) ? value : null
}
