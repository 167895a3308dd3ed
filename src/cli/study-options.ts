import type { Config } from '../config/schema.js'
import type { Dataset } from '../datasets/dataset.js'
import type { EngineName } from '../engines/engine.js'
import type { ArmOptions, StudyOptions } from '../studies/index.js'

/** Which arms a command runs. */
export type StudyCommand = 'compare' | 'search'

/** The study that a command makes of a configuration. */
export function studyOptions(
  command: StudyCommand,
  config: Config,
  dataset: Dataset,
  engine: EngineName,
): StudyOptions {
  const { budget, clock, seed, space, training, trialTimeout } = config
  const { channels, height, width, classes } = dataset
  return {
    seed,
    engine,
    space: {
      name: space.name,
      macro: { channels: space.channels, cells: space.cells, input: { channels, height, width }, classes },
    },
    recipe: training,
    trainImages: dataset.train.count,
    timeoutSeconds: trialTimeout,
    clock,
    budget: { trials: budget.trials, wallSeconds: budget.wallClock, computeSeconds: budget.computeSeconds },
    arms: studyArms(command, config),
    resampling: command === 'compare' && config.resampling.searches > 0 ? config.resampling : null,
  }
}

/** The arms that a command runs. */
export function studyArms(command: StudyCommand, config: Config): readonly ArmOptions[] {
  return command === 'compare' ? comparedArms(config) : [searchArm(config)]
}

/** The arms that the configuration lists; without a list its own evaluator against full training. */
function comparedArms(config: Config): readonly ArmOptions[] {
  if (config.arms === undefined) return [searchArm(config), fullArm(config)]
  return config.arms.map(({ name, strategy = config.strategy, finalists = config.finalists, ...judges }) => ({
    name,
    strategy,
    ...judges,
    finalists: judges.evaluator.name === 'full-training' ? 0 : finalists,
  }))
}

function searchArm(config: Config): ArmOptions {
  const { evaluator, finalists, lowerFidelities, strategy } = config
  const lower = lowerFidelities === undefined ? {} : { lowerFidelities }
  if (evaluator.name === 'full-training') return { ...fullArm(config), ...lower }
  return { name: evaluator.name, strategy, evaluator, ...lower, finalists }
}

/** Every architecture trained in full: it needs no finalists. */
function fullArm({ strategy }: Config): ArmOptions {
  return { name: 'full', strategy, evaluator: { name: 'full-training' }, finalists: 0 }
}
