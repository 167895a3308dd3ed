/**
 * Values by names that a user chose. The object has no prototype: looking up an arm called
 * `constructor` must not find what every object inherits.
 */
export function byName<T>(entries: Iterable<readonly [name: string, value: T]>): Record<string, T> {
  const named: Record<string, T> = Object.create(null)
  for (const [name, value] of entries) named[name] = value
  return named
}
