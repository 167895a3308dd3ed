import type { Config } from '../config/schema.js'
import type { EngineInfo, EngineName } from '../engines/engine.js'
import type { Hardware } from '../platform/hardware.js'
import type { Architecture } from '../spaces/search-space.js'
import type { ArmResult, BestNetwork, StudyResult } from '../studies/index.js'

/** What is known of a run before it starts. */
export interface RunFacts {
  readonly command: string
  readonly config: Config
  readonly hardware: Hardware
  readonly engine: { readonly name: EngineName } & EngineInfo
  readonly workers: number
  readonly dataset: { readonly name: string; readonly fingerprint: string }
}

/** The result of a run as `summary.json` holds it. Accuracies in 0..1, speed-up = full / FEAR, difference = FEAR - full. */
export interface Summary extends RunFacts {
  readonly schema: 1
  /** True if the run was stopped before its budget was used. */
  readonly stopped: boolean
  readonly arms: Readonly<Record<string, ArmSummary>>
  readonly speedup: { readonly [unit in 'computeSeconds' | 'wallSeconds' | 'trainingFlops']: number | null } | null
  readonly testAccuracyDifference: number | null
  readonly rankCorrelation: {
    readonly spearman: number | null
    readonly kendall: number | null
    readonly trials: number
  } | null
}

export type ArmSummary = Pick<
  ArmResult,
  | 'strategy'
  | 'evaluator'
  | 'trials'
  | 'outcomes'
  | 'evaluationSeconds'
  | 'finalistSeconds'
  | 'computeSeconds'
  | 'wallSeconds'
  | 'trainingFlops'
  | 'phases'
  | 'budget'
  | 'endedBy'
> & {
  readonly finalists: readonly { readonly trial: number; readonly architecture: Architecture; readonly score: number }[]
  readonly best: BestNetwork | null
}

export function summarise(facts: RunFacts, result: StudyResult): Summary {
  const { comparison } = result
  return {
    schema: 1,
    ...facts,
    stopped: result.stopped,
    arms: Object.fromEntries(result.arms.map((arm) => [arm.name, summariseArm(arm)])),
    speedup: comparison && {
      computeSeconds: finite(comparison.speedup.computeSeconds),
      wallSeconds: finite(comparison.speedup.wallSeconds),
      trainingFlops: finite(comparison.speedup.trainingFlops),
    },
    testAccuracyDifference: comparison?.testAccuracyDifference ?? null,
    rankCorrelation: comparison && {
      spearman: finite(comparison.rankCorrelation.spearman),
      kendall: finite(comparison.rankCorrelation.kendall),
      trials: comparison.rankCorrelation.trials,
    },
  }
}

function summariseArm(arm: ArmResult): ArmSummary {
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
