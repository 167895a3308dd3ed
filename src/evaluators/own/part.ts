import { moduleFile } from '../../platform/parts/module-file.js'
import type { ModuleOptions, ValueOptions } from '../../platform/parts/part-settings.js'
import type { Evaluator } from '../evaluator.js'
import { evaluatorPart } from '../evaluator-part.js'
import { neutralDisplay, neutralTraits } from '../traits.js'
import { createOwnEvaluator, ownTraits } from './own-evaluator.js'

/** What is the same for both doors. Before their code runs nothing is known of them. */
const own = {
  traits: neutralTraits,
  display: neutralDisplay,
  create: createOwnEvaluator,
  traitsOf: ownTraits,
}

/** An evaluator that a module makes: each worker imports it. */
export const modulePart = evaluatorPart({
  ...own,
  name: 'module',
  schema: ({ z, moduleShape }) => z.strictObject(moduleShape('makes an evaluator: (settings) => Evaluator')),
  label: ({ module }: ModuleOptions) => module,
  module: ({ module }: ModuleOptions) => module,
  // The file may have changed between two runs.
  identity: (options: ModuleOptions) => ({ ...options, sha256: moduleFile(options.module)?.sha256 ?? null }),
})

/** An evaluator that a program passed: it cannot be sent to threads or processes. */
export const valuePart = evaluatorPart({
  ...own,
  name: 'value',
  schema: ({ z, valueShape }) => z.strictObject(valueShape<Evaluator>()),
  label: ({ value }: ValueOptions<Evaluator>) => (typeof value === 'string' ? value : value.name),
  // Nobody knows whether the value of another program with the same name is the same.
  identity: (_: ValueOptions<Evaluator>) => null,
})
