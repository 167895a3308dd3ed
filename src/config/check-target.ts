import { accuracyEvaluators, type EvaluatorSettings, isOwn, labelOf, whyNoAccuracy } from '../evaluators/registry.js'
import type { Complaint } from './issues.js'
import type { Config } from './schema/config.js'

/**
 * `budget.targetAccuracy` applies to the arm that spends the budget, the first. Nothing is said of an evaluator from
 * outside, whose code would have to run: see `checkOwnTarget`.
 */
export function checkTarget(config: Config): readonly Complaint[] {
  return isOwn(firstEvaluator(config)) ? [] : complaintsAbout(config)
}

/** As `checkTarget`, for an evaluator from outside. Runs its code. */
export function checkOwnTarget(config: Config): readonly Complaint[] {
  return isOwn(firstEvaluator(config)) ? complaintsAbout(config) : []
}

function complaintsAbout(config: Config): readonly Complaint[] {
  const path = ['budget', 'targetAccuracy']
  return targetProblems(config.budget.targetAccuracy, firstEvaluator(config)).map((sentence) => ({ path, sentence }))
}

function firstEvaluator({ arms, evaluator }: Config): EvaluatorSettings {
  return arms?.[0]?.evaluator ?? evaluator
}

/** Problems of a target for an evaluator's scores; empty if there are none. */
export function targetProblems(target: number | undefined, evaluator: EvaluatorSettings): readonly string[] {
  if (target === undefined) return []
  const why = whyNoAccuracy(evaluator)
  if (why === null) return []
  return [
    `budget.targetAccuracy is for evaluators whose score is the accuracy of the whole network: ` +
      `${accuracyEvaluators.join(' or ')}. Here ${labelOf(evaluator)} comes first, and ${why}. Leave it out, or set ` +
      'another limit, such as budget.trials.',
  ]
}
