import type { RecordedRanking, RecordedRun, RecordedStudy } from '../../results/recorded-run.js'
import { accuracyAgainstCompute } from './accuracy-against-compute.js'
import { agreementCharts } from './agreement.js'
import { anytimeChart } from './anytime.js'
import type { Chart } from './chart.js'
import { inTrainingChart } from './in-training.js'
import { ledgerChart } from './ledger.js'
import { paretoChart } from './pareto.js'
import { rankedScores } from './ranked-scores.js'
import { scoreAgainstTruth } from './score-against-truth.js'
import { scoreByTrial } from './score-by-trial.js'
import { timeToThreshold } from './time-to-threshold.js'

/** What draws a run: a chart, several, or null where the run has not what it would show. */
type Draw<Run> = (run: Run) => Chart | readonly Chart[] | null

/** Charts of a search or a comparison, in the order of the page. A new one is a file beside this and a line here. */
const studyCharts: readonly Draw<RecordedStudy>[] = [
  ({ summary }) => ledgerChart(summary),
  ({ summary }) => anytimeChart(summary),
  ({ summary }) => accuracyAgainstCompute(summary),
  paretoChart,
  scoreByTrial,
  scoreAgainstTruth,
  timeToThreshold,
]

/** Charts of a ranking, likewise. */
const rankingCharts: readonly Draw<RecordedRanking>[] = [
  ({ summary }) => agreementCharts(summary),
  ({ summary }) => inTrainingChart(summary),
  ({ summary }) => rankedScores(summary),
]

/** The charts that a run has something for. */
export function chartsOf(run: RecordedRun): readonly Chart[] {
  const drawn = run.kind === 'study' ? studyCharts.map((draw) => draw(run)) : rankingCharts.map((draw) => draw(run))
  return drawn.flatMap((charts) => charts ?? [])
}
