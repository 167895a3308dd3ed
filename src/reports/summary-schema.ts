import { z } from 'zod'
import { outcomeKinds } from '../evaluators/outcome.js'
import { byName } from '../platform/by-name.js'
import { budgetLimits } from '../search/budget.js'
import type { RankingSummary } from './ranking-summary.js'
import type { Summary } from './summary.js'

/*
 * What a summary.json must be, as far as anything draws it: the file may be edited, damaged or somebody else's. Ranges are
 * wide, and keep pictures and sums meaningful. Fields that are not named here stay as they are.
 */

const text = z.string()
const count = z
  .int()
  .min(0)
  .max(2 ** 32)
const seconds = z.number().min(0).max(1e12)
const amount = z.number().min(0).max(1e30)
const ratio = z.number().min(0).max(1e15)
const accuracy = z.number().min(0).max(1)
const difference = z.number().min(-1).max(1)
const score = z.number().min(-1e300).max(1e300)

/** Things by names that a user chose. */
const named = <T extends z.ZodType>(schema: T) =>
  z.record(z.string(), schema).transform((record) => byName(Object.entries(record)))

/** The mean of some values, and bounds where there are enough of them. */
const interval = (value: z.ZodNumber) => z.looseObject({ mean: value, low: value.nullable(), high: value.nullable() })

const spent = <T extends z.ZodType>(value: (unit: z.ZodNumber) => T) => ({
  computeSeconds: value(seconds),
  wallSeconds: value(seconds),
  trainingFlops: value(amount),
})

/** Checked as far as it is read, and kept as it is: its text is shown. */
const config = z.unknown().superRefine((value, context) => {
  const { error } = z
    .looseObject({
      data: z.looseObject({ train: count.nullish() }),
      space: z.looseObject({ name: text, channels: count.optional(), cells: count.optional() }),
      training: z.looseObject({ epochs: count }),
      seed: z.union([z.number(), text]),
    })
    .safeParse(value)
  for (const { message, path } of error?.issues ?? []) context.addIssue({ code: 'custom', message, path })
})

const size = z.int().min(1).max(65_536)

const space = z.looseObject({
  name: text,
  nodes: z.int().min(2).max(20).optional(),
  operations: z.array(text).max(100).optional(),
  macro: z.looseObject({
    channels: size.optional(),
    cells: z.int().min(1).max(1000).optional(),
    input: z.looseObject({ channels: size, height: size, width: size }),
    classes: z.int().min(1).max(1e6),
  }),
})

const facts = {
  schema: z.literal(1),
  command: text,
  config,
  hardware: z.looseObject({
    cpu: text,
    physicalCores: amount,
    logicalCores: amount,
    memoryBytes: amount,
    platform: text,
    node: text,
  }),
  engine: z.looseObject({ name: text, version: text, device: text }),
  devices: z.array(text).optional(),
  workers: count,
  dataset: z.looseObject({
    name: text,
    fingerprint: text,
    train: count.optional(),
    validation: count.optional(),
    test: count.optional(),
    problems: z.array(text).optional(),
  }),
  space: space.optional(),
  stopped: z.boolean(),
}

// Kinds of outcomes that a version did not have yet are absent from its summaries.
const outcomes = z.looseObject(Object.fromEntries(outcomeKinds.map((kind) => [kind, count.default(0)])))

const calibration = z
  .looseObject({ threshold: accuracy, computeSeconds: seconds, trainingFlops: amount.optional() })
  .nullish()

const network = z.looseObject({ trial: count, architecture: text, value: score, params: amount, flops: amount })
const fronts = { networks: count, params: z.array(network), flops: z.array(network) }

const arm = z.looseObject({
  strategy: text,
  evaluator: text,
  fidelities: z
    .array(z.looseObject({ evaluator: text, trials: count, scored: count, computeSeconds: seconds }))
    .optional(),
  trials: count,
  outcomes,
  prefilter: z
    .looseObject({ measure: text, pool: count, scored: count, kept: count, computeSeconds: seconds })
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
  finalists: z.array(z.looseObject({ trial: count, architecture: text, score })).optional(),
  best: z
    .looseObject({
      trial: count,
      architecture: text,
      score,
      validationAccuracy: accuracy,
      testAccuracy: accuracy.nullable(),
    })
    .nullable(),
})

const comparison = z.looseObject({
  against: text,
  speedup: z.looseObject(spent(() => ratio.nullable())),
  testAccuracyDifference: difference.nullable(),
  rankCorrelation: z.looseObject({ spearman: difference.nullable(), kendall: difference.nullable(), trials: count }),
})

const ends = {
  speedup: z.looseObject(spent(() => interval(ratio).nullable())).nullable(),
  testAccuracyDifference: interval(difference).nullable(),
  leftOut: count.optional(),
}

const curve = z.looseObject({
  mean: z.array(accuracy.nullable()),
  low: z.array(accuracy.nullable()),
  high: z.array(accuracy.nullable()),
})

const resampling = z.looseObject({
  searches: count,
  architectures: count,
  measured: count,
  replacement: z.boolean(),
  workers: count,
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

const studySchema = z.looseObject({
  ...facts,
  arms: named(arm),
  speedup: comparison.shape.speedup.nullable(),
  testAccuracyDifference: difference.nullable(),
  rankCorrelation: comparison.shape.rankCorrelation.nullable(),
  comparisons: named(comparison),
  resampling: resampling.nullable(),
})

/** Of coefficients, and of differences of two of them. */
const coefficient = z.number().min(-2).max(2).nullable()
const estimate = z.looseObject({ value: coefficient, low: coefficient, high: coefficient })

const subset = {
  percent: z.number().min(0).max(100),
  architectures: count,
  spearman: estimate,
  kendall: estimate,
  commonRatio: estimate,
  seconds: z.looseObject({ mean: seconds.nullable(), standardError: seconds.nullable() }),
}

const curves = {
  architectures: count,
  curves: z.array(
    z.looseObject({
      name: text,
      points: z.array(
        z.looseObject({
          at: z.union([z.number().min(0).max(1e9), z.literal('threshold')]),
          notFinite: count,
          subsets: z.array(z.looseObject({ ...subset, decline: estimate })),
        }),
      ),
    }),
  ),
}

const inTraining = z.looseObject({
  evaluator: z.looseObject({ epochs: z.array(z.number().min(0).max(1e9)) }),
  outcomes,
  epochs: z.looseObject(curves),
  threshold: z
    .looseObject({
      ...curves,
      trainAccuracy: accuracy,
      epochs: z.looseObject({ mean: amount.nullable(), standardError: amount.nullable() }),
    })
    .nullable(),
})

const rankingSchema = z.looseObject({
  ...facts,
  truth: z.looseObject({ accuracy: z.enum(['test', 'validation']) }),
  reusedTruths: count,
  commonArchitectures: count,
  methods: z.array(
    z.looseObject({
      name: text,
      evaluator: z.looseObject({ name: text }),
      outcomes,
      calibration,
      computeSeconds: seconds,
      common: z.array(z.looseObject({ ...subset, lead: estimate })),
    }),
  ),
  architectures: z.array(
    z.looseObject({ architecture: text, truth: accuracy.nullable(), scores: named(score.nullable()) }),
  ),
  inTraining: inTraining.nullish(),
})

/** A summary, or what is wrong with it: the path of a field and a sentence about it. */
export type CheckedSummary = { readonly summary: Summary | RankingSummary } | { readonly problem: string }

/** Checks the contents of a summary.json. A ranking has methods, every other run has arms. */
export function checkSummary(value: unknown): CheckedSummary {
  const isRanking = typeof value === 'object' && value !== null && 'methods' in value
  const { data, error } = (isRanking ? rankingSchema : studySchema).safeParse(value)
  if (data !== undefined) return { summary: data as unknown as Summary | RankingSummary }
  const [issue] = error?.issues ?? []
  const place = issue === undefined || issue.path.length === 0 ? 'the file' : issue.path.map(String).join('.')
  return { problem: `${place}: ${issue?.message ?? 'not a summary'}` }
}
