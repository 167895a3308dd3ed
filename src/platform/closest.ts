/**
 * The candidate most similar to `text`, for "Did you mean"; null if none is similar.
 *
 * Similarity is measured by shared pairs of letters (Dice's coefficient), which tolerates a missing or added word
 * (`skip` for `skip_connect`) as well as a mistyped letter.
 */
export function closest<T extends string>(text: string, candidates: readonly T[]): T | null {
  let best: T | null = null
  let likeness = 0.4
  for (const candidate of candidates) {
    const shared = diceCoefficient(letterPairs(text.toLowerCase()), letterPairs(candidate.toLowerCase()))
    if (shared <= likeness) continue
    best = candidate
    likeness = shared
  }
  return best
}

function letterPairs(text: string): string[] {
  const padded = ` ${text} `
  return Array.from({ length: padded.length - 1 }, (_, i) => padded.slice(i, i + 2))
}

function diceCoefficient(a: readonly string[], b: readonly string[]): number {
  const left = [...b]
  const shared = a.filter((pair) => {
    const found = left.indexOf(pair)
    if (found >= 0) left.splice(found, 1)
    return found >= 0
  })
  return (2 * shared.length) / (a.length + b.length)
}
