import { ArchitectureError, FearNasError } from '../platform/errors.js'
import type { SearchSpace } from '../spaces/search-space.js'
import type { Strategy } from './strategy.js'

/**
 * Watches over a strategy that may not keep to its space, such as a module of the user's: what it proposes must belong
 * to it, so that no trial is spent on an architecture that a search must not meet.
 */
export function withinSpace(strategy: Strategy, space: SearchSpace): Strategy {
  const { looksAtResults = true, name } = strategy
  return {
    name,
    looksAtResults,
    ask(history, rng) {
      const proposal = strategy.ask(history, rng)
      // A promotion is of an architecture that was proposed before.
      if (typeof proposal !== 'string') return proposal
      try {
        return space.parse(proposal)
      } catch (error) {
        if (!(error instanceof ArchitectureError)) throw error
        throw new FearNasError(
          `The strategy ${name} proposed what it may not as trial ${history.proposed}: ${error.message} It must keep to ` +
            'the space that it was given (see docs/extending.md).',
          { cause: error },
        )
      }
    },
  }
}
