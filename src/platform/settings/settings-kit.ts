import { z } from 'zod'
import { moduleShape, valueShape } from '../parts/part-shapes.js'
import * as values from './values.js'

/**
 * What a part describes its settings with. It is an argument and not an import because workers load the parts too: they
 * read no configuration, and zod would cost each of them several megabytes and a tenth of a second.
 *
 * @example
 * const mySchema = ({ z, positive }: SettingsKit) => z.strictObject({ name: z.literal('mine'), epochs: positive.default(4) })
 */
export const settingsKit = { ...values, z, moduleShape, valueShape } as const

export type SettingsKit = typeof settingsKit
