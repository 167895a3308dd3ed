import type { Dataset } from '../../datasets/dataset.js'
import type { Mistake, NetworkMetrics } from '../../results/network-metrics.js'
import { renderPage } from './page.js'

export interface ReportedNetwork {
  readonly metrics: NetworkMetrics
  readonly mistakes: readonly Mistake[]
  readonly dataset: Dataset
}

export function networkReport({ metrics }: ReportedNetwork): Promise<string> {
  return renderPage({ title: metrics.architecture, what: '', verdict: [], notices: [], figures: [] }, [], [])
}
