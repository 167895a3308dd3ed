import type { EvaluatorSettings } from '../evaluators/evaluator.js'
import type { Complaint } from './issues.js'
import type { Config } from './schema/config.js'

/** `budget.targetAccuracy` is for the arm that spends the budget, which is the first. */
export function checkTarget({ arms, budget, evaluator }: Config): readonly Complaint[] {
  const path = ['budget', 'targetAccuracy']
  return targetProblems(budget.targetAccuracy, arms?.[0]?.evaluator ?? evaluator).map((sentence) => ({
    path,
    sentence,
  }))
}

/** What is wrong with a target for the scores of an evaluator; empty if nothing is. */
export function targetProblems(target: number | undefined, { name }: EvaluatorSettings): readonly string[] {
  if (target === undefined || name === 'full-training' || name === 'short-training') return []
  const why =
    name === 'fear'
      ? "FEAR's score is that of a network most of which was frozen early, and says nothing of what it reaches in full"
      : `the scores of ${name} are no accuracies`
  return [
    `budget.targetAccuracy is for evaluators whose score is the accuracy of the whole network: full-training or ` +
      `short-training. Here ${name} comes first, and ${why}. Leave it out, or set another limit, such as budget.trials.`,
  ]
}
