/** What a configuration may name by a module, or a program pass as a value. */
export type PartKind = 'strategy' | 'evaluator' | 'search space' | 'data set' | 'engine'

/** Parts that every worker makes for itself. */
export const workerParts: readonly PartKind[] = ['evaluator', 'search space', 'engine']

/** `a strategy`, `an engine`. */
export function aPart(kind: PartKind): string {
  return `${/^[aeiou]/.test(kind) ? 'an' : 'a'} ${kind}`
}

/** Whether a text names a module rather than a built-in part: it contains a dot or a slash, which no name does. */
export function isModulePath(text: string): boolean {
  return /[./\\]/.test(text)
}
