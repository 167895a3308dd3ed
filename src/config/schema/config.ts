import { z } from 'zod'
import { defaultEvaluator, evaluatorSchema } from '../../evaluators/registry.js'
import { isolationNames } from '../../execution/registry.js'
import { durationUpTo, held, mostHeld, positive } from '../../platform/settings/values.js'
import { budgetSchema } from './budget.js'
import { dataSchema } from './data.js'
import { engineSchema } from './engine.js'
import { constraintsSchema, prefilterSchema } from './narrowing.js'
import { rankSchema } from './rank.js'
import { spaceSchema } from './space.js'
import { strategySchema } from './strategy.js'
import { trainingSchema } from './training.js'

/*
 * The schema of a configuration file: types, defaults, limits and descriptions, from which the JSON Schema for editors
 * is made. Every object is strict: an unknown key is an error.
 */

/** The setting `lowerFidelities`. */
const lowerFidelitiesSchema = z
  .array(evaluatorSchema)
  .min(1, 'must be a list of at least one evaluator')
  .describe(
    'For strategies successive-halving and asha: the evaluators that a trial must get through before `evaluator`, cheapest first',
  )

const arm = z.strictObject({
  name: z
    .string()
    .regex(/^[a-z0-9][a-z0-9._-]*$/i, 'must be a name of letters, digits, dots and dashes')
    .describe('In tables and file names, such as short-4'),
  strategy: strategySchema.optional().describe('Default: the strategy of the file'),
  lowerFidelities: lowerFidelitiesSchema.optional(),
  evaluator: evaluatorSchema,
  constraints: constraintsSchema.nullable().optional().describe('Default: those of the file; null: none'),
  prefilter: prefilterSchema.nullable().optional().describe('Default: that of the file; null: none'),
  finalists: positive.optional().describe('Default: the finalists of the file; full training has none'),
})

const resampling = z
  .strictObject({
    searches: z
      .int()
      .min(0)
      .max(mostHeld)
      .default(1000)
      .describe('How many searches are replayed from the trial tables; 0: no intervals'),
    architectures: held.nullable().default(null).describe('Of each search; null: as many as were measured'),
    replacement: z.boolean().default(true).describe('Draw them with replacement (the bootstrap), or a random subset'),
  })
  .describe('Intervals of what `fear-nas compare` measures')

export const configSchema = z
  .strictObject({
    data: dataSchema,
    space: spaceSchema.prefault({}),
    training: trainingSchema.prefault({}),
    strategy: strategySchema.prefault({}),
    lowerFidelities: lowerFidelitiesSchema.optional(),
    evaluator: evaluatorSchema.prefault({ name: defaultEvaluator }),
    constraints: constraintsSchema.nullable().default(null),
    prefilter: prefilterSchema.nullable().default(null),
    budget: budgetSchema,
    arms: z
      .array(arm)
      .min(2, 'must be a list of two arms or more')
      .optional()
      .describe('What `fear-nas compare` compares; default: fear, as `evaluator` says, and full'),
    resampling: resampling.prefault({}),
    rank: rankSchema.optional(),
    finalists: positive.default(3).describe('How many of the best by FEAR score are trained in full'),
    trialTimeout: durationUpTo(20).default(3600).describe('A trial that is busy longer is given up'),
    clock: z
      .enum(['wall', 'cpu'])
      .default('wall')
      .describe("A trial's seconds: those that pass, or its thread's on a processor (where other work runs beside)"),
    workers: z
      .union([z.literal('auto'), positive.max(256)])
      .default('auto')
      .describe('Worker threads; auto: one for each physical core'),
    isolation: z
      .enum(isolationNames)
      .default('auto')
      .describe(
        'What each worker has of its own; process: a crash in native code costs a trial, not the run; none: one worker',
      ),
    engine: engineSchema.default('auto'),
    seed: z.union([z.int(), z.string()]).default(1).describe('Everything random follows from it'),
  })
  .describe('One fear-nas job')

/** A configuration with every default filled in. Durations are seconds. */
export type Config = z.output<typeof configSchema>
/** A configuration as written, before defaults. */
export type ConfigInput = z.input<typeof configSchema>
