import { DataError } from '../../platform/errors.js'
import type { Evaluation, EvaluationRequest, Evaluator } from '../evaluator.js'
import { noCost } from '../outcome.js'
import type { AccuracyTable } from './accuracy-table.js'
import type { TabularOptions } from './options.js'

/** An evaluator that needs neither engine nor images. */
export interface TabularEvaluator extends Evaluator {
  evaluate(request: Pick<EvaluationRequest, 'architecture'>): Evaluation
}

/**
 * Looks up architectures in a table: the score is a column's value, and the cost is simulated seconds, phase `table`.
 * An architecture that is not in the table is a `failed` outcome.
 *
 * @throws DataError if the table has no such columns, or they are not numbers.
 */
export function createTabularEvaluator(
  table: AccuracyTable,
  { score, seconds }: Pick<TabularOptions, 'score' | 'seconds'>,
): TabularEvaluator {
  const scores = table.column(score).values
  const secondsOf = typeof seconds === 'string' ? table.seconds(seconds) : null
  return {
    name: 'tabular',
    evaluate({ architecture }) {
      const index = table.indexOf(architecture)
      if (index === undefined) throw new DataError(`${table.file} has no architecture ${architecture}.`)
      const cost = { ...noCost, computeSeconds: secondsOf === null ? Number(seconds) : (secondsOf[index] as number) }
      return {
        outcome: {
          kind: 'scored',
          score: scores[index] as number,
          metric: 'table',
          trainAccuracy: null,
          validationAccuracy: null,
          cost,
          phases: { table: cost },
        },
      }
    },
  }
}
