import { z } from 'zod'
import { defaultEvaluator } from '../../evaluators/registry.js'
import { isolationNames } from '../../execution/registry.js'
import { durationUpTo, held, mostHeld, positive } from '../../platform/settings/values.js'
import { budgetSchema } from './budget.js'
import { dataSchema } from './data.js'
import { engineSchema } from './engine.js'
import { evaluatorSchema } from './evaluator.js'
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
  .describe('For strategies successive-halving and asha: the fidelities below `evaluator`, cheapest first')

const arm = z.strictObject({
  name: z
    .string()
    .regex(/^[a-z0-9][a-z0-9._-]*$/i, 'must be a name of letters, digits, dots and dashes')
    .describe('Name in tables and files, such as short-4'),
  strategy: strategySchema.optional().describe('Default: the strategy of the file'),
  lowerFidelities: lowerFidelitiesSchema.optional(),
  evaluator: evaluatorSchema,
  constraints: constraintsSchema.nullable().optional().describe('Default: the constraints of the file; null: none'),
  prefilter: prefilterSchema.nullable().optional().describe('Default: the prefilter of the file; null: none'),
  finalists: positive.optional().describe('Default: the finalists of the file; full training has none'),
})

const resampling = z
  .strictObject({
    searches: z
      .int()
      .min(0)
      .max(mostHeld)
      .default(1000)
      .describe('Number of searches to replay from the trial tables; 0: no intervals'),
    architectures: held
      .nullable()
      .default(null)
      .describe('Architectures per replayed search; null: as many as were measured'),
    replacement: z
      .boolean()
      .default(true)
      .describe('true: draw with replacement (the bootstrap); false: a random subset'),
  })
  .describe('Confidence intervals of `fear-nas compare`')

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
      .describe('The searches to compare; default: fear, with the settings of `evaluator`, and full'),
    resampling: resampling.prefault({}),
    rank: rankSchema.optional(),
    finalists: positive.default(3).describe('Number of best architectures by score that are trained in full'),
    trialTimeout: durationUpTo(20).default(3600).describe('Maximum time of a trial; it then ends as timed-out'),
    clock: z
      .enum(['wall', 'cpu'])
      .default('wall')
      .describe(
        'How the seconds of a trial are counted: wall-clock time, or CPU time of its thread (for a machine with other work)',
      ),
    workers: z
      .union([z.literal('auto'), positive.max(256)])
      .default('auto')
      .describe('Number of workers; auto: one per physical core'),
    isolation: z
      .enum(isolationNames)
      .default('auto')
      .describe(
        'Run each worker in a thread or a process; process: a crash in native code ends a trial, not the run; none: a single worker in this process',
      ),
    engine: engineSchema.default('auto'),
    seed: z.union([z.int(), z.string()]).default(1).describe('Seed of all random numbers'),
  })
  .describe('Configuration of a fear-nas run')

/** A configuration with every default filled in. Durations are seconds. */
export type Config = z.output<typeof configSchema>
/** A configuration as written, before defaults. */
export type ConfigInput = z.input<typeof configSchema>
