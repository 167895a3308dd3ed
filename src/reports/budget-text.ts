import type { BudgetLimit, BudgetUse } from '../search/budget.js'
import { formatAccuracy, formatDuration, formatFlops } from './format.js'

const limits: Readonly<Record<BudgetLimit, { readonly title: string; readonly format: (value: number) => string }>> = {
  trials: { title: 'trials', format: String },
  wallSeconds: { title: 'wall-clock', format: formatDuration },
  computeSeconds: { title: 'compute', format: formatDuration },
  epochs: { title: 'epochs', format: (epochs) => String(Number(epochs.toFixed(1))) },
  trainingFlops: { title: 'work', format: formatFlops },
  targetAccuracy: { title: 'best score', format: formatAccuracy },
}

/**
 * Used and planned amount of each limit, and any overrun: `trials 31 of 40; wall-clock 30 min 12 s of 30 min 00 s, 12 s
 * over`.
 */
export function describeBudget(uses: readonly BudgetUse[]): string {
  return uses.map(describeUse).join('; ') || '-'
}

function describeUse({ limit, planned, used, overrun }: BudgetUse): string {
  const { title, format } = limits[limit]
  const over = overrun > 0 ? `, ${format(overrun)} over` : ''
  return `${title} ${format(used)} of ${format(planned)}${over}`
}
