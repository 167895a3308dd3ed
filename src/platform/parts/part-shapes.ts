import { z } from 'zod'
import { userPath } from '../settings/values.js'
import { PartValue } from './part-value.js'

/** The schema of `ModuleOptions`; other settings of the same group go beside it: `z.strictObject({ ...moduleShape(...), channels })`. */
export function moduleShape(exported: string) {
  return {
    name: z.literal('module'),
    module: userPath.describe(`A file or package whose default export ${exported}`),
    settings: z.record(z.string(), z.unknown()).default({}).describe('Passed to it unchanged'),
  }
}

/** The complaint about a value in a file. */
export const onlyByProgram = 'can be passed by a program only. In a file name a module instead (docs/extending.md)'

/** The schema of `ValueOptions`. A file cannot contain one, so it is left out of the JSON Schema that editors use. */
export function valueShape<T>() {
  return {
    name: z.literal('value'),
    value: z.custom<PartValue<T> | string>(
      (value) => value instanceof PartValue || typeof value === 'string',
      onlyByProgram,
    ),
  }
}
