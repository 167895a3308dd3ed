import type { Command } from 'commander'
import { ConfigError } from '../platform/errors.js'
import { addStudyCommand } from './study-command.js'

export function addCompareCommand(program: Command): void {
  addStudyCommand(program, 'compare', {
    description: 'run FEAR random search and full-training random search over the same architectures, and compare them',
    examples: `  fear-nas compare search-configs/quick.yaml
  fear-nas compare search-configs/fashion.yaml --set seed=2 --set evaluator.threshold=0.7 --out results/seed-2`,
    check(config) {
      if (config.evaluator.name === 'fear') return
      throw new ConfigError(
        `compare sets FEAR against full training, but evaluator.name is ${config.evaluator.name}. Set it to fear, or use "fear-nas search".`,
      )
    },
  })
}
