import type { Budget } from '../../search/budget.js'

/** What a configuration has an arm do. */
export interface PlannedArm {
  readonly name: string
  readonly evaluator: string
  /** How many of its best are trained in full afterwards. */
  readonly finalists: number
}

/** What a run's configuration has it do. */
export interface RunPlan {
  /** In order; a ranking has an arm for each of its methods. */
  readonly arms: readonly PlannedArm[]
  /** Of the first arm; the others get as many trials as that one had. */
  readonly budget: Budget
}

/** The plan of a run by its command and resolved configuration; null where this version cannot read it. */
export type Planner = (command: string, config: unknown) => RunPlan | null
