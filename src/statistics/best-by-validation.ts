interface Validated {
  /** In 0..1; null without validation images, which counts as 0. */
  readonly validationAccuracy: number | null
}

/** The index of the best item by validation accuracy, the first of equal ones; -1 of none. */
export function bestByValidation(items: readonly Validated[]): number {
  const accuracies = items.map(({ validationAccuracy }) => validationAccuracy ?? 0)
  return accuracies.indexOf(Math.max(...accuracies))
}
