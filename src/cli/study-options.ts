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
  const { budget, seed, space, training, trialTimeout } = config
  const { channels, height, width, classes } = dataset
  return {
    seed,
    engine,
    space: {
      name: space.name,
      macro: { channels: space.channels, cells: space.cells, input: { channels, height, width }, classes },
    },
    recipe: training,
    timeoutSeconds: trialTimeout,
    budget: { trials: budget.trials, wallSeconds: budget.wallClock, computeSeconds: budget.computeSeconds },
    arms: command === 'compare' ? [searchArm(config), fullArm(config)] : [searchArm(config)],
  }
}

function searchArm(config: Config): ArmOptions {
  const { evaluator, finalists, strategy } = config
  return evaluator.name === 'fear' ? { name: 'fear', strategy, evaluator, finalists } : fullArm(config)
}

/** Every architecture trained in full: it needs no finalists. */
function fullArm({ strategy }: Config): ArmOptions {
  return { name: 'full', strategy, evaluator: { name: 'full-training' }, finalists: 0 }
}
