import { z } from 'zod'
import { accuracy, amount, calibration, countField, facts, named, outcomes, score, seconds, text } from './shared.js'

/** Range of coefficients and of differences of two. */
const coefficient = z.number().min(-2).max(2).nullable()
const estimate = z.looseObject({ value: coefficient, low: coefficient, high: coefficient })

const subset = {
  percent: z.number().min(0).max(100),
  architectures: countField,
  spearman: estimate,
  kendall: estimate,
  commonRatio: estimate,
  seconds: z.looseObject({ mean: seconds.nullable(), standardError: seconds.nullable() }),
}

const curves = {
  architectures: countField,
  curves: z.array(
    z.looseObject({
      name: text,
      points: z.array(
        z.looseObject({
          at: z.union([z.number().min(0).max(1e9), z.literal('threshold')]),
          notFinite: countField,
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

export const rankingSchema = z.looseObject({
  ...facts,
  truth: z.looseObject({ accuracy: z.enum(['test', 'validation']) }),
  reusedTruths: countField,
  commonArchitectures: countField,
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
