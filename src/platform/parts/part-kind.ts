/** What a configuration may name by a module, or a program pass as a value. */
export type PartKind = 'strategy' | 'evaluator' | 'search space' | 'data set' | 'engine'

/** Parts that every worker makes for itself. */
export const workerParts: readonly PartKind[] = ['evaluator', 'search space', 'engine']

/** `a strategy`, `an engine`. */
export function aPart(kind: PartKind): string {
  return `${/^[aeiou]/.test(kind) ? 'an' : 'a'} ${kind}`
}

/** Whether a text in the place of a name is a module instead: it has a dot or a slash in it, as no name has. */
export function isModulePath(text: string): boolean {
  return /[./\\]/.test(text)
}
