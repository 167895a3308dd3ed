import { z } from 'zod'
import { isModulePath } from '../../platform/parts/part-kind.js'
import { duplicates, held, positive, userPath } from '../../platform/settings/values.js'
import { promotes, strategyNames } from '../../strategies/registry.js'
import { tableSpaceSchema } from './space.js'

/** Seconds per evaluation: a number for all, the name of a column, or unknown. */
const seconds = z.union([z.number().gt(0), z.string().min(1)]).nullable()

/** The file that `fear-nas simulate` reads: searches on a table of accuracies. */
export const simulationSchema = z
  .strictObject({
    table: userPath.describe('A CSV file: a column arch, and columns of accuracies, scores or seconds'),
    space: tableSpaceSchema.prefault('nats-tss').describe('The search space of the column arch'),
    partial: z.boolean().default(false).describe('Search what the table holds, though it lacks architectures'),
    select: z
      .record(z.string(), seconds)
      .default({})
      .describe('Columns to select by, each with the seconds of an evaluation, the column that has them, or null'),
    fidelities: z
      .record(
        // JavaScript objects put integer-like keys first, and here the order matters.
        z.string().regex(/^(?!(?:0|[1-9]\d*)$)/, 'must not be a column whose name is just a whole number: rename it'),
        seconds,
      )
      .default({})
      .describe(
        'For strategies successive-halving and asha, instead of `select`: at least two such columns, cheapest first',
      ),
    report: z.string().min(1).describe('The column of accuracies in which results are reported'),
    strategies: z
      .array(
        userPath.superRefine((choice, context) => {
          if (isModulePath(choice) || strategyNames.some((name) => name === choice)) return
          context.addIssue({ code: 'invalid_value', values: [...strategyNames], input: choice })
        }),
      )
      .min(1)
      .default(strategyNames.filter((name) => !promotes(name)))
      .describe("Names of strategies, or paths of modules of one's own"),
    duplicates,
    searches: held.default(1000),
    trials: positive.default(200).describe('Evaluations of each search, at most'),
    seconds: z
      .number()
      .gt(0)
      .nullable()
      .default(null)
      .describe('Simulated seconds of work after which a search begins no more; null: trials alone end it'),
    workers: held.default(1).describe('Simulated workers of each search'),
    seed: z.union([z.int(), z.string()]).default(1).describe('Everything random follows from it'),
  })
  .describe('Searches on a table of accuracies')

/** A simulation with every default filled in. */
export type SimulationConfig = z.output<typeof simulationSchema>
