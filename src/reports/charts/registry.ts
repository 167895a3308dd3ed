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

/** A function that draws a run: returns a chart, several, or null if the run has no data for it. */
type Draw<Run> = (run: Run) => Chart | readonly Chart[] | null

/** Charts of a search or comparison, in page order. To add one, write a file in this folder and add a line here. */
const studyCharts: readonly Draw<RecordedStudy>[] = [
  ({ summary }) => ledgerChart(summary),
  ({ summary }) => anytimeChart(summary),
  ({ summary }) => accuracyAgainstCompute(summary),
  paretoChart,
  scoreByTrial,
  scoreAgainstTruth,
  timeToThreshold,
]

/** Charts of a ranking, in page order. */
const rankingCharts: readonly Draw<RecordedRanking>[] = [
  ({ summary }) => agreementCharts(summary),
  ({ summary }) => inTrainingChart(summary),
  ({ summary }) => rankedScores(summary),
]

/** The charts for which a run has data. */
export function chartsOf(run: RecordedRun): readonly Chart[] {
  const drawn = run.kind === 'study' ? studyCharts.map((draw) => draw(run)) : rankingCharts.map((draw) => draw(run))
  return drawn.flatMap((charts) => charts ?? [])
}
