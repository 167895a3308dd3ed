import { createSearchSpace } from '../../spaces/registry.js'
import { evaluatorPart } from '../evaluator-part.js'
import { neutralDisplay, neutralTraits } from '../traits.js'
import { readAccuracyTable } from './accuracy-table.js'
import type { TabularOptions } from './options.js'
import { createTabularEvaluator } from './tabular-evaluator.js'

/** Look-ups in a table: see `createTabularEvaluator`. No configuration of a search chooses it. */
export const tabularPart = evaluatorPart({
  name: 'tabular',
  schema: () => null,
  traits: neutralTraits,
  display: neutralDisplay,
  create: (options: TabularOptions) =>
    createTabularEvaluator(
      readAccuracyTable(options.table, { space: createSearchSpace(options.space), partial: options.partial }),
      options,
    ),
})
