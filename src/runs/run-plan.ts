import { configSchema } from '../config/schema/config.js'
import { inTrainingPart } from '../evaluators/measures-in-training/part.js'
import { labelOf } from '../evaluators/registry.js'
import type { RunPlan } from '../results/status/planned-arm.js'
import { nameMethods, truthMethod } from '../studies/index.js'
import { studyArms, studyBudget } from './study-options.js'

/** The plan of a run, from its journal; null if this version cannot read its configuration. */
export function planOf(command: string, written: unknown): RunPlan | null {
  const parsed = configSchema.safeParse(written)
  if (!parsed.success) return null
  const config = parsed.data
  if (command === 'rank') {
    const { evaluators = [], inTraining } = config.rank ?? {}
    const methods = [truthMethod, ...nameMethods(evaluators)].map(
      ({ name, evaluator }) => [name, labelOf(evaluator)] as const,
    )
    const { name } = inTrainingPart
    const names = inTraining === undefined ? methods : [...methods, [name, name] as const]
    return {
      arms: names.map(([name, evaluator]) => ({ name, evaluator, finalists: 0 })),
      budget: { trials: config.budget.trials },
    }
  }
  const arms = studyArms(command === 'compare' ? 'compare' : 'search', config)
  return {
    arms: arms.map(({ name, evaluator, finalists }) => ({ name, evaluator: labelOf(evaluator), finalists })),
    budget: studyBudget(config.budget),
  }
}
