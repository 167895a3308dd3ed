import type { RankingSummary } from '../../results/ranking-summary.js'
import type { Chart } from './chart.js'
import { type ScoredByTruth, scorePanels, scorePanelsCaption } from './score-panels.js'
import { seriesOf } from './series.js'

/** The scores of a ranking's methods against the truth, one panel each. */
export function rankedScores({ architectures, methods, truth }: RankingSummary): Chart | null {
  const series = seriesOf(methods.map(({ name, evaluator }) => ({ name, evaluator: evaluator.name })))
  const drawn = series.flatMap((one): readonly ScoredByTruth[] => {
    const pairs = architectures.flatMap((architecture) => {
      const score = architecture.scores[one.name] ?? null
      return score === null || architecture.truth === null ? [] : [{ score, truth: architecture.truth }]
    })
    if (pairs.length < 2) return []
    return [{ series: one, scores: pairs.map(({ score }) => score), truths: pairs.map((pair) => pair.truth) }]
  })
  if (drawn.length === 0) return null
  return {
    name: 'score-against-truth',
    title: 'Scores against accuracy after full training',
    caption:
      `Each method's score against ${truth.accuracy} accuracy after full training (the truth). ${scorePanelsCaption(drawn)}. ` +
      'The panel full-training is the ceiling: validation accuracy of the networks whose accuracy is the truth.',
    alt: `Scatter plots of scores against ${truth.accuracy} accuracy after full training, for ${drawn.map((one) => one.series.name).join(', ')}.`,
    spec: (layout) => scorePanels(drawn, `${truth.accuracy} accuracy (%)`, layout),
  }
}
