import { z } from 'zod'
import { budgetLimits } from '../../search/budget.js'
import {
  accuracy,
  amount,
  calibration,
  countField,
  difference,
  facts,
  interval,
  named,
  outcomes,
  ratio,
  score,
  seconds,
  spent,
  text,
} from './shared.js'

const network = z.looseObject({
  trial: countField,
  architecture: text,
  value: score,
  params: amount,
  flops: amount,
  latencySeconds: seconds.optional(),
})
const fronts = {
  networks: countField,
  params: z.array(network),
  flops: z.array(network),
  latency: z.array(network).optional(),
}

const arm = z.looseObject({
  strategy: text,
  evaluator: text,
  fidelities: z
    .array(z.looseObject({ evaluator: text, trials: countField, scored: countField, computeSeconds: seconds }))
    .optional(),
  trials: countField,
  outcomes,
  prefilter: z
    .looseObject({ measure: text, pool: countField, scored: countField, kept: countField, computeSeconds: seconds })
    .nullish(),
  calibration,
  evaluationSeconds: seconds,
  finalistSeconds: seconds,
  computeSeconds: seconds,
  wallSeconds: seconds,
  trainingFlops: amount,
  phases: named(z.looseObject({ computeSeconds: seconds, trainingFlops: amount, steps: amount, epochs: amount })),
  budget: z.array(
    z.looseObject({
      limit: z.enum(budgetLimits),
      planned: amount,
      used: z.number().min(-1e30).max(1e30),
      overrun: amount,
    }),
  ),
  endedBy: text,
  pareto: z
    .looseObject({
      accuracy: z.looseObject({ of: z.enum(['trials', 'finalists']), ...fronts }),
      score: z.looseObject(fronts).nullable(),
    })
    .optional(),
  finalists: z.array(z.looseObject({ trial: countField, architecture: text, score })).optional(),
  best: z
    .looseObject({
      trial: countField,
      architecture: text,
      score,
      validationAccuracy: accuracy,
      testAccuracy: accuracy.nullable(),
    })
    .nullable(),
  latency: z.array(z.looseObject({ batch: countField, milliseconds: seconds, imagesPerSecond: amount })).optional(),
})

const comparison = z.looseObject({
  against: text,
  speedup: z.looseObject(spent(() => ratio.nullable())),
  testAccuracyDifference: difference.nullable(),
  rankCorrelation: z.looseObject({
    spearman: difference.nullable(),
    kendall: difference.nullable(),
    trials: countField,
  }),
})

const ends = {
  speedup: z.looseObject(spent(() => interval(ratio).nullable())).nullable(),
  testAccuracyDifference: interval(difference).nullable(),
  leftOut: countField.optional(),
}

const curve = z.looseObject({
  mean: z.array(accuracy.nullable()),
  low: z.array(accuracy.nullable()),
  high: z.array(accuracy.nullable()),
})

const resampling = z.looseObject({
  searches: countField,
  architectures: countField,
  measured: countField,
  replacement: z.boolean(),
  workers: countField,
  against: text,
  arms: named(
    z.looseObject({
      ...spent((unit) => interval(unit)),
      testAccuracy: interval(accuracy).nullable(),
      withoutNetwork: amount,
      rejected: amount,
      extrapolated: amount,
    }),
  ),
  comparisons: named(z.looseObject({ ...ends, equalAccuracy: z.looseObject({ against: text, ...ends }).nullable() })),
  anytime: z.looseObject({
    times: z.looseObject({ computeSeconds: z.array(seconds), wallSeconds: z.array(seconds) }),
    arms: named(z.looseObject({ computeSeconds: curve, wallSeconds: curve })),
  }),
})

/** The schema of a search or a comparison. */
export const studySchema = z.looseObject({
  ...facts,
  arms: named(arm),
  speedup: comparison.shape.speedup.nullable(),
  testAccuracyDifference: difference.nullable(),
  rankCorrelation: comparison.shape.rankCorrelation.nullable(),
  comparisons: named(comparison),
  resampling: resampling.nullable(),
})
