import type { SettingsKit } from '../../platform/settings/settings-kit.js'
import type { MeasureName } from './measure.js'
import { measureNames } from './registry.js'

/** A zero-cost measure of the untrained network. */
export interface ZeroCostOptions {
  readonly name: 'zero-cost'
  readonly measure: MeasureName
  /** Images per measure. */
  readonly batch: number
}

/** A zero-cost measure as a configuration describes it. */
export const zeroCostSchema = ({ z, batchSize }: SettingsKit) =>
  z.strictObject({
    name: z.literal('zero-cost'),
    measure: z.enum(measureNames).default('synflow').describe('Measure of the untrained network'),
    batch: batchSize.default(256).describe('Training images per measure'),
  })

/** The options of a measure, for whatever asks for one by itself, such as a prefilter. */
export function zeroCostOptions({ measure, batch }: Omit<ZeroCostOptions, 'name'>): ZeroCostOptions {
  return { name: 'zero-cost', measure, batch }
}
