import { FearNasError, isInputError } from '../platform/errors.js'
import { messageOf } from '../platform/message-of.js'
import { shownValue } from '../platform/value-checks.js'
import type { DuplicateLevel, SearchSpace } from '../spaces/search-space.js'
import type { Proposal, Strategy } from './strategy.js'
import { withinSpace } from './within-space.js'

/** A strategy failed, or proposed what it may not. The search ends; its finished trials are kept. */
export class StrategyError extends FearNasError {}

const next =
  'Correct the strategy (see docs/extending.md); a run with a directory keeps its finished trials, and resume continues it.'

/**
 * Checks the proposals of a strategy from outside the package: each is an architecture of the space that was not proposed
 * before, a promotion, or null. Its `ask` throws StrategyError for anything else, and for what the strategy throws but
 * ConfigError and DataError.
 */
export function checkedStrategy(strategy: Strategy, space: SearchSpace, duplicates: DuplicateLevel): Strategy {
  const { name, looksAtResults = true } = strategy
  const inside = withinSpace(
    {
      name,
      looksAtResults,
      ask(history, rng) {
        const fail = (what: string, cause?: unknown): never => {
          throw new StrategyError(`The strategy ${name} ${what} ${next}`, { cause })
        }
        let answer: unknown
        try {
          answer = strategy.ask(history, rng)
        } catch (error) {
          if (isInputError(error)) throw error
          return fail(`failed at trial ${history.proposed}: ${messageOf(error).replace(/\.$/, '')}.`, error)
        }
        if (isProposal(answer)) return answer
        return fail(
          `proposed ${shownAnswer(answer)} for trial ${history.proposed}: ask must return the text of an architecture, ` +
            '{ promote: index } or null.',
        )
      },
    },
    space,
  )
  return {
    ...inside,
    ask(history, rng) {
      const proposal = inside.ask(history, rng)
      if (typeof proposal !== 'string' || !history.hasProposed(space.canonical(proposal, duplicates))) return proposal
      throw new StrategyError(
        `The strategy ${name} proposed ${proposal} for trial ${history.proposed}, which was proposed before (duplicates: ` +
          `${duplicates}); history.hasProposed tells. ${next}`,
      )
    },
  }
}

function isProposal(answer: unknown): answer is Proposal | null {
  if (answer === null || typeof answer === 'string') return true
  return typeof answer === 'object' && 'promote' in answer && Number.isInteger(answer.promote)
}

function shownAnswer(answer: unknown): string {
  if (!(answer instanceof Promise)) return answer === undefined ? 'undefined' : shownValue(answer)
  // Nobody else waits for it.
  answer.catch(() => {})
  return 'a promise'
}
