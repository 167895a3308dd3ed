import type { Outcome } from '../../evaluators/outcome.js'
import { traitsNamed } from '../../evaluators/registry.js'
import type { ReplayedArm } from '../../journal/replay.js'
import type { RecordedStudy } from '../../results/recorded-run.js'
import type { Chart } from './chart.js'
import { type ScoredByTruth, scorePanels, scorePanelsCaption } from './score-panels.js'
import { seriesOf } from './series.js'

/** The scores of a comparison's arms against full training of the same architectures. Null without full training. */
export function scoreAgainstTruth({ arms, summary }: RecordedStudy): Chart | null {
  const all = Object.entries(summary.arms).map(([name, { evaluator }]) => ({ name, evaluator }))
  const full = all.find(({ evaluator }) => traitsNamed(evaluator).trainsInFull)
  const fullArm = full === undefined ? undefined : arms.get(full.name)
  if (fullArm === undefined) return null
  const { accuracy, truths } = truthsOf(fullArm)
  const methods = seriesOf(all).flatMap((series): readonly ScoredByTruth[] => {
    if (series.name === full?.name || summary.arms[series.name]?.fidelities !== undefined) return []
    const pairs = pairsOf(arms.get(series.name), fullArm, truths)
    if (pairs.length < 2) return []
    return [{ series, scores: pairs.map(({ score }) => score), truths: pairs.map(({ truth }) => truth) }]
  })
  if (methods.length === 0) return null
  return {
    name: 'score-against-truth',
    title: 'Scores against accuracy after full training',
    caption:
      `Each arm's score against the ${accuracy} accuracy of the same architecture after full training (the truth). ` +
      `${scorePanelsCaption(methods)}.`,
    alt: `Scatter plots of scores against ${accuracy} accuracy after full training, for ${methods.map(({ series }) => series.name).join(', ')}.`,
    spec: (layout) => scorePanels(methods, `${accuracy} accuracy (%)`, layout),
  }
}

/** Test accuracies if the networks were measured, otherwise validation accuracies; by trial, in 0..1. */
function truthsOf({ tests, trials }: ReplayedArm) {
  if (tests.size > 0) return { accuracy: 'test', truths: tests }
  const truths = new Map(
    [...trials].flatMap(([index, { outcome }]) => {
      const accuracy = outcome.kind === 'scored' ? outcome.validationAccuracy : null
      return accuracy === null ? [] : [[index, accuracy] as const]
    }),
  )
  return { accuracy: 'validation', truths }
}

function pairsOf(arm: ReplayedArm | undefined, full: ReplayedArm, truths: ReadonlyMap<number, number>) {
  return [...(arm?.trials.values() ?? [])]
    .toSorted((a, b) => a.index - b.index)
    .flatMap(({ index, architecture, outcome }) => {
      const truth = truths.get(index)
      const score = scoreOf(outcome)
      // Arms with other architectures are not compared.
      if (truth === undefined || score === null || full.proposals.get(index) !== architecture) return []
      return [{ truth, score }]
    })
}

function scoreOf(outcome: Outcome): number | null {
  return outcome.kind === 'scored' && Number.isFinite(outcome.score) ? outcome.score : null
}
