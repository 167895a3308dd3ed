import { shorten } from './shorten.js'

/** The message of an error, or the text of any other thrown value. Never throws. */
export function messageOf(error: unknown): string {
  try {
    if (typeof error !== 'object' || error === null) return String(error)
    // Errors of another context have a message, too.
    const message: unknown = error instanceof Error ? error.message : Reflect.get(error, 'message')
    if (typeof message === 'string') return message
    const text = String(error)
    return text === '[object Object]' ? shorten(JSON.stringify(error), longest) : text
  } catch {
    return 'a value without a message'
  }
}

/** Maximum characters shown of a thrown object without a message. */
const longest = 200

/** The first line of it, without Node's list of requiring modules. */
export function firstLineOf(error: unknown): string {
  return messageOf(error).split('\n', 1)[0] ?? ''
}
