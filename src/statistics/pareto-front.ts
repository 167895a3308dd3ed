/** A point with a cost and a value: lower cost and higher value are better. */
export interface CostAndValue {
  readonly cost: number
  readonly value: number
}

/** Whether the first is at least as good in both, and better in one. */
export function dominates(first: CostAndValue, second: CostAndValue): boolean {
  if (first.cost > second.cost || first.value < second.value) return false
  return first.cost < second.cost || first.value > second.value
}

/**
 * The points that no other dominates, cheapest first; of points that are equal in both, all are kept in order. A point
 * whose cost or value is not a number is left out. n log n steps.
 */
export function paretoFront<Point extends CostAndValue>(points: readonly Point[]): readonly Point[] {
  const sorted = points
    .filter(({ cost, value }) => !Number.isNaN(cost) && !Number.isNaN(value))
    .toSorted((a, b) => (a.cost === b.cost ? compare(b.value, a.value) : compare(a.cost, b.cost)))
  const front: Point[] = []
  for (const point of sorted) {
    const last = front.at(-1)
    const isEqual = last !== undefined && last.cost === point.cost && last.value === point.value
    if (last === undefined || isEqual || point.value > last.value) front.push(point)
  }
  return front
}

/** Also for infinite ones, whose difference is NaN. */
function compare(a: number, b: number): number {
  return a === b ? 0 : a < b ? -1 : 1
}
