import { z } from 'zod'
import { outcomeKinds } from '../../evaluators/outcome.js'
import { placedSpaceSchema } from '../../models/space-schema.js'
import { byName } from '../../platform/by-name.js'

/* The fields that all summaries have. */

export const text = z.string()
export const countField = z
  .int()
  .min(0)
  .max(2 ** 32)
export const seconds = z.number().min(0).max(1e12)
export const amount = z.number().min(0).max(1e30)
export const ratio = z.number().min(0).max(1e15)
export const accuracy = z.number().min(0).max(1)
export const difference = z.number().min(-1).max(1)
export const score = z.number().min(-1e300).max(1e300)

/** A record by user-defined names. */
export const named = <T extends z.ZodType>(schema: T) =>
  z.record(z.string(), schema).transform((record) => byName(Object.entries(record)))

/** A mean, with bounds if there are enough values. */
export const interval = (value: z.ZodNumber) =>
  z.looseObject({ mean: value, low: value.nullable(), high: value.nullable() })

export const spent = <T extends z.ZodType>(value: (unit: z.ZodNumber) => T) => ({
  computeSeconds: value(seconds),
  wallSeconds: value(seconds),
  trainingFlops: value(amount),
})

/** Checked only as far as it is used, and kept unchanged, since its text is shown. */
const config = z.unknown().superRefine((value, context) => {
  const { error } = z
    .looseObject({
      data: z.looseObject({ train: countField.nullish() }),
      space: z.looseObject({ name: text, channels: countField.optional(), cells: countField.optional() }),
      training: z.looseObject({ epochs: countField }),
      seed: z.union([z.number(), text]),
    })
    .safeParse(value)
  for (const { message, path } of error?.issues ?? []) context.addIssue({ code: 'custom', message, path })
})

export const facts = {
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
  workers: countField,
  dataset: z.looseObject({
    name: text,
    fingerprint: text,
    train: countField.optional(),
    validation: countField.optional(),
    test: countField.optional(),
    problems: z.array(text).optional(),
  }),
  space: placedSpaceSchema.optional(),
  stopped: z.boolean(),
}

// Summaries of older versions lack newer kinds of outcomes.
export const outcomes = z.looseObject(Object.fromEntries(outcomeKinds.map((kind) => [kind, countField.default(0)])))

export const calibration = z
  .looseObject({ threshold: accuracy, computeSeconds: seconds, trainingFlops: amount.optional() })
  .nullish()
