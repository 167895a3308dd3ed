import type { Budget } from '../../search/budget.js'

/** The plan of an arm, from the configuration. */
export interface PlannedArm {
  readonly name: string
  readonly evaluator: string
  /** Number of finalists. */
  readonly finalists: number
}

/** The plan of a run, from its configuration. */
export interface RunPlan {
  /** In order; a ranking has an arm for each of its methods. */
  readonly arms: readonly PlannedArm[]
  /** The budget of the first arm; the others get as many trials. */
  readonly budget: Budget
}

/** The plan of a run by its command and resolved configuration; null if this version cannot read it. */
export type Planner = (command: string, config: unknown) => RunPlan | null
