import { ArchitectureError, FearNasError } from '../platform/errors.js'
import type { SearchSpace } from '../spaces/search-space.js'
import type { Strategy } from './strategy.js'

/**
 * Checks the proposals of a strategy that may leave its space, such as a user's module, so that no trial is spent on an
 * architecture outside.
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
