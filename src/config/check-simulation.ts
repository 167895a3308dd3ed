import { isModulePath } from '../platform/parts/part-kind.js'
import { defaultStrategyOptions } from '../strategies/registry.js'
import type { Complaint } from './issues.js'
import { checkSpaceModule, moduleProblem } from './modules.js'
import type { SimulationConfig } from './schema/simulation.js'

/** Modules are tried before any search, so that what is wrong with one is found with its place. */
export function checkSimulation({ duplicates, space, strategies }: SimulationConfig): readonly Complaint[] {
  const wrong = checkSpaceModule(space)
  // Strategies are made for the space.
  if (wrong.length > 0) return wrong
  return strategies.flatMap((choice, i) => {
    const problem = isModulePath(choice) ? moduleProblem(defaultStrategyOptions(choice, duplicates), space) : null
    return problem === null ? [] : [{ path: ['strategies', i], sentence: `strategies.${i} ${problem}` }]
  })
}
