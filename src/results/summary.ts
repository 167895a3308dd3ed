import type { Config } from '../config/schema/config.js'
import type { EngineInfo } from '../engines/engine.js'
import { byName } from '../platform/by-name.js'
import type { Hardware } from '../platform/hardware.js'
import type { PlacedSpace } from '../spaces/registry.js'
import type { ArmResult, Comparison, Resampling, StudyResult } from '../studies/index.js'

/** What is known of a run before it starts. */
export interface RunFacts {
  readonly command: string
  readonly config: Config
  readonly hardware: Hardware
  /** That of the last session. */
  readonly engine: { readonly name: string } & EngineInfo
  /** Every instruction set or GPU that the run was measured on, in order of appearance; absent where it is one. */
  readonly devices?: readonly string[] | undefined
  readonly workers: number
  readonly dataset: DatasetFacts
  /** What the networks are, for this data set. Runs of older versions have none. */
  readonly space?: PlacedSpace | undefined
}

/** The images of a run. Runs of older versions have no counts and no problems. */
export interface DatasetFacts {
  readonly name: string
  readonly fingerprint: string
  /** How many images were for training, validation and the test; what `data.train: 0` comes to, too. */
  readonly train?: number | undefined
  readonly validation?: number | undefined
  readonly test?: number | undefined
  /** What `fear-nas data check` says of them, such as test images that are training images. */
  readonly problems?: readonly string[] | undefined
}

/**
 * The result of a run as `summary.json` holds it. Accuracies in 0..1, speed-up = full / FEAR, difference = FEAR - full;
 * of several arms `speedup`, `testAccuracyDifference` and `rankCorrelation` are those of the first in `comparisons`.
 */
export interface Summary extends RunFacts {
  readonly schema: 1
  /** True if the run was stopped before its budget was used. */
  readonly stopped: boolean
  readonly arms: Readonly<Record<string, ArmSummary>>
  readonly speedup: ComparisonSummary['speedup'] | null
  readonly testAccuracyDifference: number | null
  readonly rankCorrelation: ComparisonSummary['rankCorrelation'] | null
  /** Of every other arm with the one that trains in full, by name: what was measured. */
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

/** JSON has no NaN: what could not be computed is null. */
function finite(value: number): number | null {
  return Number.isFinite(value) ? value : null
}
