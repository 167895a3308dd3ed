import type { Rng } from '../../platform/rng.js'
import type { Choices } from '../../spaces/product-space.js'
import type { Architecture, DuplicateLevel, SearchSpace } from '../../spaces/search-space.js'
import { shuffledOrder } from '../architecture-order.js'
import { scoreOf } from '../score-of.js'
import type { FinishedTrial, Strategy } from '../strategy.js'
import { ChoiceDensity } from './density.js'

export interface TpeOptions {
  readonly name: 'tpe'
  /** When two architectures count as the same; only one of them is proposed. */
  readonly duplicates: DuplicateLevel
  /** The number of finished trials before the model is used; until then proposals are random. */
  readonly startup: number
  /** The share of the finished trials, in (0, 1), that counts as good. */
  readonly good: number
  /** The number of draws from the density of good trials; the best is proposed. */
  readonly candidates: number
}

/** 0.15 and the order of 20 and 24 are from Bergstra et al. and Hyperopt. */
export const defaultTpe = { startup: 20, good: 0.15, candidates: 24 } as const

/**
 * The tree-structured Parzen estimator (Bergstra et al. 2011, "Algorithms for hyper-parameter optimization", section
 * 4), with one density over all decisions together as in BOHB (Falkner et al. 2018): l is the density of the best
 * trials and g that of the others. Of `candidates` draws from l, the one with the highest l / g is proposed.
 *
 * Until `startup` trials have finished the proposals are those of random search with the same seed. A draw that was
 * proposed before or is outside a restricted space is skipped; if none is left, a random architecture is proposed. A
 * trial without a score counts among the others.
 */
export function createTpe(
  { duplicates, startup, good, candidates }: TpeOptions,
  space: SearchSpace,
  rng: Rng,
): Strategy<Architecture> {
  const order = shuffledOrder(space, duplicates, rng.fork('order'))
  const choicesOf = rememberedChoices(space)
  return {
    name: 'tpe',
    ask(history, stream) {
      const { trials, hasProposed } = history
      if (trials.length < startup) return order.firstNew(history)
      const [goodOnes, others] = split(trials, good)
      if (goodOnes.length === 0) return order.firstNew(history)
      const l = new ChoiceDensity(goodOnes.map(choicesOf), space.decisions)
      const g = new ChoiceDensity(others.map(choicesOf), space.decisions)
      let proposal: { readonly architecture: Architecture; readonly ratio: number } | null = null
      for (let i = 0; i < candidates; i++) {
        const choices = l.draw(stream)
        const architecture = space.fromChoices(choices)
        if (architecture === null || hasProposed(space.canonical(architecture, duplicates))) continue
        const ratio = l.of(choices) / g.of(choices)
        if (proposal === null || ratio > proposal.ratio) proposal = { architecture, ratio }
      }
      return proposal?.architecture ?? order.firstNew(history)
    },
  }
}

/** The best share by score (for equal scores the earlier first) and the others. */
function split(trials: readonly FinishedTrial[], good: number): readonly [FinishedTrial[], FinishedTrial[]] {
  const scores = Float64Array.from(trials, scoreOf)
  const ranked = [...scores.keys()].sort((a, b) => (scores[b] as number) - (scores[a] as number))
  const scored = scores.filter((score) => score > -Infinity).length
  const best = Math.min(Math.ceil(good * trials.length), scored)
  const of = (indices: readonly number[]): FinishedTrial[] => indices.map((i) => trials[i] as FinishedTrial)
  return [of(ranked.slice(0, best)), of(ranked.slice(best))]
}

function rememberedChoices(space: SearchSpace): (trial: FinishedTrial) => Choices {
  const known = new Map<Architecture, Choices>()
  return ({ architecture }) => {
    const choices = known.get(architecture) ?? space.choices(architecture)
    known.set(architecture, choices)
    return choices
  }
}
