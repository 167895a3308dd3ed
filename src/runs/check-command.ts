import { targetProblems } from '../config/check-target.js'
import type { Config } from '../config/schema/config.js'
import { defaultEvaluator, traitsNamed } from '../evaluators/registry.js'
import { ConfigError } from '../platform/errors.js'
import { either, worded } from '../platform/wording.js'
import type { RunCommand } from './run-request.js'

const justSearch = either('search()', '"fear-nas search"')

/** @throws ConfigError if a command cannot run a configuration, though another one can. */
export function checkCommand(command: RunCommand, config: Config): void {
  checks[command](config)
}

const checks: Readonly<Record<RunCommand, (config: Config) => void>> = {
  search({ budget, evaluator }) {
    const [problem] = targetProblems(budget.targetAccuracy, evaluator)
    if (problem !== undefined) throw new ConfigError(problem)
  },
  compare({ arms, evaluator, lowerFidelities }) {
    if (arms !== undefined) return
    if (lowerFidelities !== undefined) {
      throw new ConfigError(
        worded`compare compares an evaluator with full training over the same architectures, and lowerFidelities promote only some of them. List arms, or use ${justSearch}.`,
      )
    }
    if (!traitsNamed(evaluator.name).trainsInFull) return
    throw new ConfigError(
      worded`compare sets an evaluator against full training, and evaluator.name is ${evaluator.name} itself. Set it to ${defaultEvaluator}, list arms, or use ${justSearch}.`,
    )
  },
  rank({ budget, rank }) {
    if (rank === undefined) {
      throw new ConfigError(
        'rank needs the setting rank.evaluators, the list of evaluators to compare, or rank.inTraining.',
      )
    }
    const { atLimit: _, trials, ...otherLimits } = budget
    if (trials === undefined || Object.values(otherLimits).some((limit) => limit !== undefined)) {
      throw new ConfigError(
        'rank scores a fixed number of architectures with every evaluator: set budget.trials, and no other budget.',
      )
    }
  },
}
