import type { Command } from 'commander'
import { addStudyCommand } from './study-command.js'

export function addSearchCommand(program: Command): void {
  addStudyCommand(program, 'search', {
    description: 'search for an architecture with the evaluator of the configuration',
    examples: `  fear-nas search search-configs/fashion.yaml
  fear-nas search search-configs/fashion.yaml --set evaluator.name=full-training --workers 1`,
  })
}
