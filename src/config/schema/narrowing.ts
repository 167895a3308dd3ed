import { z } from 'zod'
import { measureNames } from '../../evaluators/zero-cost/registry.js'
import { batchSize, fraction, held } from '../../platform/settings/values.js'
import { sizeRange } from '../size-range.js'

/** The setting `constraints`. */
export const constraintsSchema = z
  .strictObject({
    params: sizeRange.optional().describe('Trainable parameters, such as <500k or >10k <2.5M; a number: at most'),
    flops: sizeRange.optional().describe('FLOPs of one image forward, a multiply-add being two; such as <= 30M'),
  })
  .describe('What an architecture may be in the networks of this data set; no other is proposed or looked at')

/** The setting `prefilter`. */
export const prefilterSchema = z
  .strictObject({
    measure: z.enum(measureNames).default('synflow').describe('A zero-cost measure; higher is better'),
    keep: fraction.default(0.3).describe('Share of the scored architectures that the search may propose'),
    pool: held.optional().describe('How many are drawn and scored; default: as keep of them are budget.trials'),
    batch: batchSize.default(256).describe('Training images that the measure looks at'),
  })
  .describe('Two tiers: score many architectures before the search, and search among the best; the arm pays for it')
