import type { Command } from 'commander'
import { targetProblems } from '../config/check-target.js'
import { ConfigError } from '../platform/errors.js'
import { runCommand } from './run-command.js'
import { addStudyCommand } from './study-command.js'

export function addSearchCommand(program: Command): void {
  addStudyCommand(program, 'search', {
    description: 'search for an architecture with the evaluator of the configuration',
    examples: `  fear-nas search search-configs/fashion.yaml
  fear-nas search search-configs/fashion.yaml --set evaluator.name=full-training --workers 1`,
    check({ budget, evaluator }) {
      const [problem] = targetProblems(budget.targetAccuracy, evaluator)
      if (problem !== undefined) throw new ConfigError(problem)
    },
    run: runCommand,
  })
}
