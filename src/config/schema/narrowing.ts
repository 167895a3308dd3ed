import { z } from 'zod'
import { measureNames } from '../../evaluators/zero-cost/registry.js'
import { batchSize, fraction, held } from '../../platform/settings/values.js'
import { latencyRange } from '../latency-range.js'
import { sizeRange } from '../size-range.js'

/** The setting `constraints`. */
export const constraintsSchema = z
  .strictObject({
    params: sizeRange.optional().describe('Trainable parameters, such as <500k or >10k <2.5M; a number is a maximum'),
    flops: sizeRange.optional().describe('FLOPs of one image forward (a multiply-add is two), such as <= 30M'),
    latency: latencyRange
      .optional()
      .describe('Time for one image on this machine, measured in one thread, such as <2ms; units us, ms, s'),
  })
  .describe(
    'Limits on the size and latency of networks for this data set; no architecture outside is proposed or evaluated',
  )

/** The setting `prefilter`. */
export const prefilterSchema = z
  .strictObject({
    measure: z.enum(measureNames).default('synflow').describe('A zero-cost measure; higher is better'),
    keep: fraction.default(0.3).describe('Share of the scored architectures that the search may propose'),
    pool: held
      .optional()
      .describe('Number of architectures to draw and score; default: so that keep of them is budget.trials'),
    batch: batchSize.default(256).describe('Training images per measure'),
  })
  .describe(
    'Score many architectures by a zero-cost measure before the search, and search among the best; counts towards the cost of the arm',
  )
