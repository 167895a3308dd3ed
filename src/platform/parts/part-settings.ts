import type { PartValue } from './part-value.js'

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
