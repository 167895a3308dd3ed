import type { Config } from '../config/schema/config.js'
import { spaceSetup } from '../config/space-setup.js'
import type { Dataset } from '../datasets/dataset.js'
import type { EngineOptions } from '../engines/registry.js'
import { fullTrainingOptions } from '../evaluators/full-training/settings.js'
import { armNameOf, traitsNamed } from '../evaluators/registry.js'
import { ConfigError } from '../platform/errors.js'
import { poolFor } from '../search/prefilter.js'
import type { ArmOptions, StudyOptions } from '../studies/index.js'

/** The arms of a command. */
export type StudyCommand = 'compare' | 'search'

/** The study options of a command, from its configuration. */
export function studyOptions(
  command: StudyCommand,
  config: Config,
  dataset: Dataset,
  engine: EngineOptions,
): StudyOptions {
  const { budget, clock, seed, space, training, trialTimeout } = config
  return {
    seed,
    engine,
    space: spaceSetup(space, dataset),
    training: training,
    trainImages: dataset.train.count,
    trialTimeoutSeconds: trialTimeout,
    clock,
    budget: studyBudget(budget),
    arms: studyArms(command, config),
    resampling: command === 'compare' && config.resampling.searches > 0 ? config.resampling : null,
  }
}

/** The budget of a study, from that of a configuration. */
export function studyBudget({ wallClock, ...limits }: Config['budget']): StudyOptions['budget'] {
  return { ...limits, wallSeconds: wallClock }
}

/** The arms that a command runs. */
export function studyArms(command: StudyCommand, config: Config): readonly ArmOptions[] {
  return command === 'compare' ? comparedArms(config) : [searchArm(config)]
}

/** The arms in the configuration; without a list, its evaluator and full training. */
function comparedArms(config: Config): readonly ArmOptions[] {
  if (config.arms === undefined) return [searchArm(config), fullArm(config)]
  return config.arms.map((arm) => {
    const { name, strategy = config.strategy, evaluator, lowerFidelities, finalists = config.finalists } = arm
    return {
      name,
      strategy,
      evaluator,
      ...(lowerFidelities && { lowerFidelities }),
      ...searched(config, arm),
      finalists: traitsNamed(evaluator.name).trainsInFull ? 0 : finalists,
    }
  })
}

function searchArm(config: Config): ArmOptions {
  const { evaluator, finalists, lowerFidelities, strategy } = config
  const lower = lowerFidelities && { lowerFidelities }
  if (traitsNamed(evaluator.name).trainsInFull) return { ...fullArm(config), ...lower }
  return { name: armNameOf(evaluator), strategy, evaluator, ...lower, ...searched(config), finalists }
}

/** Trains every architecture in full, so it has no finalists. */
function fullArm(config: Config): ArmOptions {
  const { strategy } = config
  return { name: 'full', strategy, evaluator: fullTrainingOptions, ...searched(config), finalists: 0 }
}

/** Constraints and prefilter of an arm: its own, or those of the file. */
function searched(config: Config, arm?: NonNullable<Config['arms']>[number]): Partial<ArmOptions> {
  const { constraints = config.constraints, prefilter = config.prefilter } = arm ?? {}
  return {
    ...(constraints !== null && { constraints }),
    ...(prefilter !== null && { prefilter: { ...prefilter, pool: prefilter.pool ?? pooled(prefilter, config) } }),
  }
}

/** The pool size for which the budget's trials are kept. */
function pooled({ keep }: NonNullable<Config['prefilter']>, { budget }: Config): number {
  if (budget.trials === undefined) throw new ConfigError('prefilter.pool is required without budget.trials.')
  return poolFor(budget.trials, keep)
}
