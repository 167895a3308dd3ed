import { z } from 'zod'
import { moduleShape, valueShape } from '../../platform/parts/part-shapes.js'
import { duplicates, held } from '../../platform/settings/values.js'
import { defaultEta } from '../../strategies/fidelities/asha.js'
import { defaultInitial } from '../../strategies/fidelities/successive-halving.js'
import { defaultEvolution } from '../../strategies/regularized-evolution.js'
import type { StrategyFactory } from '../../strategies/strategy.js'
import { defaultTpe } from '../../strategies/tpe/tpe.js'

const eta = z
  .int()
  .min(2)
  .max(1000)
  .default(defaultEta)
  .describe('Promote the best 1/eta of the trials to the next fidelity')

const { name: moduleName, ...module } = moduleShape('makes a strategy: (options, space, rng) => Strategy')

/** The setting `strategy`. */
export const strategySchema = z.discriminatedUnion('name', [
  z.strictObject({
    // Optional, also beside other settings.
    name: z.literal('random').optional().default('random'),
    duplicates,
  }),
  z.strictObject({
    name: z.literal('regularized-evolution'),
    duplicates,
    population: held.default(defaultEvolution.population).describe('Number of latest trials in the population'),
    sample: held.default(defaultEvolution.sample).describe('Number of trials drawn from it; the best is mutated'),
  }),
  z.strictObject({ name: z.literal('local-search'), duplicates }),
  z.strictObject({
    name: z.literal('tpe'),
    duplicates,
    startup: held.default(defaultTpe.startup).describe('Number of random architectures before the model is used'),
    good: z
      .number()
      .gt(0, 'must be in (0, 1)')
      .lt(1, 'must be in (0, 1)')
      .default(defaultTpe.good)
      .describe('Share of the finished trials that count as good'),
    candidates: held.default(defaultTpe.candidates).describe('Number of draws from the model; the best is proposed'),
  }),
  z.strictObject({ name: z.literal('enumeration'), duplicates }),
  z.strictObject({
    name: z.literal('successive-halving'),
    duplicates,
    eta,
    initial: held
      .default(defaultInitial)
      .describe('Architectures in a bracket; at least eta to the power of the number of lower fidelities'),
  }),
  z.strictObject({ name: z.literal('asha'), duplicates, eta }),
  z.strictObject({ name: moduleName, duplicates, ...module }),
  z.strictObject({ ...valueShape<StrategyFactory>(), duplicates }),
])
