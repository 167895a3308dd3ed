/**
 * Values by names that a user chose. The object has no prototype: what an arm called `constructor` is looked up by must
 * not find that of all objects.
 */
export function byName<T>(entries: Iterable<readonly [name: string, value: T]>): Record<string, T> {
  const named: Record<string, T> = Object.create(null)
  for (const [name, value] of entries) named[name] = value
  return named
}
