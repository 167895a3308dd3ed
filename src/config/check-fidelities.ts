import { isDeepStrictEqual } from 'node:util'
import type { EvaluatorSettings } from '../evaluators/evaluator.js'
import { fidelitiesOf, type Judges } from '../search/fidelities.js'
import { promotes, type StrategyOptions } from '../strategies/registry.js'
import { type Complaint, type ConfigPath, dotted } from './issues.js'
import type { Config } from './schema/config.js'

interface Searching extends Judges<EvaluatorSettings> {
  readonly strategy: StrategyOptions
}

/** Whether each search has the evaluators that its strategy needs. */
export function checkFidelities(config: Config): readonly Complaint[] {
  const { arms = [], strategy } = config
  return [
    ...checkSearch([], config, config),
    ...arms.flatMap((arm, i) => checkSearch(['arms', i], { ...arm, strategy: arm.strategy ?? strategy }, arm)),
  ]
}

/** @param written what stands at `place`: of an arm, maybe no strategy. */
function checkSearch(
  place: ConfigPath,
  search: Searching,
  written: { readonly strategy?: unknown },
): readonly Complaint[] {
  const { strategy, lowerFidelities = [] } = search
  const { name } = strategy
  const chosen = [...(written.strategy === undefined ? [] : place), 'strategy', 'name']
  const path = [...place, 'lowerFidelities']
  if (promotes(name) && lowerFidelities.length === 0) {
    const sentence =
      `${dotted(chosen)} ${name} needs ${dotted(path)}: the evaluators that a trial must get through before ` +
      `${dotted([...place, 'evaluator'])}, cheapest first.`
    return [{ path: written.strategy === undefined ? [...place, 'evaluator'] : chosen, sentence }]
  }
  if (lowerFidelities.length === 0) return []
  // A module may do with them what it likes.
  if (!promotes(name) && name !== 'module') {
    const sentence = `${dotted(path)} is for the strategies successive-halving and asha, and ${dotted(chosen)} is ${name}. Change one.`
    return [{ path, sentence, pointAt: 'key' }]
  }
  return [...checkInitial(chosen, search), ...checkRepeated(place, search), ...checkAuto(place, search)]
}

/** A bracket must have one left at the last fidelity. */
function checkInitial(chosen: ConfigPath, { strategy, lowerFidelities = [] }: Searching): readonly Complaint[] {
  if (strategy.name !== 'successive-halving') return []
  const { eta, initial } = strategy
  const least = eta ** lowerFidelities.length
  if (initial >= least) return []
  const path = [...chosen.slice(0, -1), 'initial']
  const sentence =
    `${dotted(path)} must be at least ${least}, or none gets to the last fidelity: each of ${lowerFidelities.length} ` +
    `lower ones lets one in ${eta} through. Got ${initial}.`
  return [{ path, sentence }]
}

function checkRepeated(place: ConfigPath, search: Searching): readonly Complaint[] {
  const all = fidelitiesOf(search)
  return all.slice(0, -1).flatMap((evaluator, i) => {
    if (!all.slice(i + 1).some((other) => isDeepStrictEqual(other, evaluator))) return []
    const path = [...place, 'lowerFidelities', i]
    return [{ path, sentence: `${dotted(path)} is the same as a higher fidelity. Leave it out.` }]
  })
}

function checkAuto(place: ConfigPath, search: Searching): readonly Complaint[] {
  const isAuto = (evaluator: EvaluatorSettings): boolean => evaluator.name === 'fear' && evaluator.threshold === 'auto'
  if (fidelitiesOf(search).filter(isAuto).length < 2) return []
  const path = [...place, 'lowerFidelities']
  const sentence = `${dotted(path)} has threshold: auto at more than one fidelity. Set all but one to a number.`
  return [{ path, sentence }]
}
