import type { Command } from 'commander'
import { defaultEvaluator, traitsNamed } from '../evaluators/registry.js'
import { ConfigError } from '../platform/errors.js'
import { repeatCompare } from './repeat-compare.js'
import { runCommand } from './run-command.js'
import { addStudyCommand } from './study-command.js'

export function addCompareCommand(program: Command): void {
  addStudyCommand(program, 'compare', {
    description:
      'run searches over the same architectures, FEAR and full training or the arms listed, and compare them',
    examples: `  fear-nas compare search-configs/quick.yaml
  fear-nas compare search-configs/fashion.yaml --set seed=2 --set evaluator.threshold=0.7 --out results/seed-2
  fear-nas compare search-configs/baselines.yaml      several arms: FEAR, short trainings, full training
  fear-nas compare search-configs/quick.yaml --seeds 1,2,3 --out results/quick      three runs and their means
The last one goes on where it was if it is given again.`,
    run: runCommand,
    repeat: repeatCompare,
    check(config) {
      if (config.arms !== undefined) return
      if (config.lowerFidelities !== undefined) {
        throw new ConfigError(
          'compare sets an evaluator against full training over the same architectures, and lowerFidelities let only ' +
            'some of them through. List arms, or use "fear-nas search".',
        )
      }
      if (!traitsNamed(config.evaluator.name).trainsInFull) return
      throw new ConfigError(
        `compare sets an evaluator against full training, and evaluator.name is ${config.evaluator.name} itself. Set it to ` +
          `${defaultEvaluator}, list arms, or use "fear-nas search".`,
      )
    },
  })
}
