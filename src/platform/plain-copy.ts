/** A value that JSON and messages between threads do not carry; the message is `outcome.size is a bigint`. */
export class NotPlainError extends Error {}

/** Deeper values are taken for circular ones. */
const deepest = 16

/**
 * A copy in plain data: texts, numbers, true, false, null, lists and objects of these. Later changes of the original do
 * not change it.
 *
 * @param path of the value, for a message
 * @throws NotPlainError if there is anything else in it.
 */
export function plainCopy(value: unknown, path: string, depth = 0): unknown {
  if (typeof value === 'object' && value !== null) {
    if (depth > deepest) throw new NotPlainError(`${path} is nested too deeply`)
    if (Array.isArray(value)) return Array.from(value, (item, i) => plainCopy(item, `${path}.${i}`, depth + 1))
    const tag = Object.prototype.toString.call(value).slice('[object '.length, -1)
    if (tag !== 'Object') throw new NotPlainError(`${path} is a ${tag}, not plain data`)
    return Object.fromEntries(
      Object.entries(value).map(([name, item]) => [name, plainCopy(item, `${path}.${name}`, depth + 1)]),
    )
  }
  if (typeof value === 'bigint' || typeof value === 'function' || typeof value === 'symbol') {
    throw new NotPlainError(`${path} is a ${typeof value}, not plain data`)
  }
  return value
}
