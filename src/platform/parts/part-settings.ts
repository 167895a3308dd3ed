import { z } from 'zod'
import { userPath } from '../settings/values.js'
import { PartValue } from './part-value.js'

/** Settings of a part that is loaded from a user's module. */
export interface ModuleOptions {
  readonly name: 'module'
  /** A file, relative to the working directory, or a package. */
  readonly module: string
  /** Passed to its default export unchanged. */
  readonly settings: Readonly<Record<string, unknown>>
}

/** Settings of a part that a program passed as a value. */
export interface ValueOptions<T> {
  readonly name: 'value'
  /** Only its name if the settings were read from JSON. */
  readonly value: PartValue<T> | string
}

/** What to call a part from outside the package: its module, or the name of its value. */
export function ownPartName(options: ModuleOptions | ValueOptions<unknown>): string {
  return options.name === 'module' ? options.module : String(options.value)
}

/** The schema of `ModuleOptions`; other settings of the same group go beside it: `z.strictObject({ ...moduleShape(...), channels })`. */
export function moduleShape(exported: string) {
  return {
    name: z.literal('module'),
    module: userPath.describe(`A file or package of your own whose default export ${exported}`),
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
