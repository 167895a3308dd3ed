import { z } from 'zod'
import { moduleShape, valueShape } from '../../platform/parts/part-settings.js'
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
  .describe('One of so many trials of a fidelity is evaluated again by the next')

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
    population: held.default(defaultEvolution.population).describe('How many of the latest trials are alive'),
    sample: held.default(defaultEvolution.sample).describe('How many draws of them compete to be the parent'),
  }),
  z.strictObject({ name: z.literal('local-search'), duplicates }),
  z.strictObject({
    name: z.literal('tpe'),
    duplicates,
    startup: held.default(defaultTpe.startup).describe('Random architectures before the first of the model'),
    good: z
      .number()
      .gt(0, 'must be in (0, 1)')
      .lt(1, 'must be in (0, 1)')
      .default(defaultTpe.good)
      .describe('Share of the finished trials that counts as good'),
    candidates: held.default(defaultTpe.candidates).describe('Draws that compete to be the next proposal'),
  }),
  z.strictObject({ name: z.literal('enumeration'), duplicates }),
  z.strictObject({
    name: z.literal('successive-halving'),
    duplicates,
    eta,
    initial: held
      .default(defaultInitial)
      .describe('Architectures that a bracket begins with; at least eta to the power of the lower fidelities'),
  }),
  z.strictObject({ name: z.literal('asha'), duplicates, eta }),
  z.strictObject({ name: moduleName, duplicates, ...module }),
  z.strictObject({ ...valueShape<StrategyFactory>(), duplicates }),
])
