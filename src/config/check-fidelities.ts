import { isDeepStrictEqual } from 'node:util'
import { calibrationOf } from '../evaluators/registry.js'
import { fidelitiesOf } from '../search/fidelities.js'
import { promotes } from '../strategies/registry.js'
import { type DescribedSearch, searchesOf } from './evaluators-of.js'
import { type Complaint, dotted } from './issues.js'
import type { Config } from './schema/config.js'

/** Checks that each search has the evaluators that its strategy needs. */
export function checkFidelities(config: Config): readonly Complaint[] {
  return searchesOf(config).flatMap(checkSearch)
}

function checkSearch(search: DescribedSearch): readonly Complaint[] {
  const { path: base, strategy, lowerFidelities = [] } = search
  const { name } = strategy
  const chosen = [...search.strategyPath, 'name']
  const path = [...base, 'lowerFidelities']
  if (promotes(name) && lowerFidelities.length === 0) {
    const sentence =
      `${dotted(chosen)} ${name} needs ${dotted(path)}: the fidelities below ` +
      `${dotted([...base, 'evaluator'])}, cheapest first.`
    const isItsOwn = search.strategyPath.length > base.length
    return [{ path: isItsOwn ? chosen : [...base, 'evaluator'], sentence }]
  }
  if (lowerFidelities.length === 0) return []
  // A module may use them in any way.
  if (!promotes(name) && name !== 'module') {
    const sentence = `${dotted(path)} is for the strategies successive-halving and asha, and ${dotted(chosen)} is ${name}. Change one.`
    return [{ path, sentence, pointAt: 'key' }]
  }
  return [...checkInitial(search), ...checkRepeated(search), ...checkAuto(search)]
}

/** At least one trial of a bracket must reach the last fidelity. */
function checkInitial({ strategy, strategyPath, lowerFidelities = [] }: DescribedSearch): readonly Complaint[] {
  if (strategy.name !== 'successive-halving') return []
  const { eta, initial } = strategy
  const least = eta ** lowerFidelities.length
  if (initial >= least) return []
  const path = [...strategyPath, 'initial']
  const sentence =
    `${dotted(path)} must be at least ${least}, or no trial reaches the last fidelity: each of ${lowerFidelities.length} ` +
    `lower ones promotes one in ${eta}. Got ${initial}.`
  return [{ path, sentence }]
}

function checkRepeated(search: DescribedSearch): readonly Complaint[] {
  const all = fidelitiesOf(search)
  return all.slice(0, -1).flatMap((evaluator, i) => {
    if (!all.slice(i + 1).some((other) => isDeepStrictEqual(other, evaluator))) return []
    const path = [...search.path, 'lowerFidelities', i]
    return [{ path, sentence: `${dotted(path)} is the same as a higher fidelity. Leave it out.` }]
  })
}

function checkAuto(search: DescribedSearch): readonly Complaint[] {
  if (fidelitiesOf(search).filter((evaluator) => calibrationOf(evaluator) !== null).length < 2) return []
  const path = [...search.path, 'lowerFidelities']
  const sentence = `${dotted(path)} has threshold: auto at more than one fidelity. Set all but one to a number.`
  return [{ path, sentence }]
}
