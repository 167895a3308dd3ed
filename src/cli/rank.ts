import type { Command } from 'commander'
import { addStudyCommand } from './study-command.js'

export function addRankCommand(program: Command): void {
  addStudyCommand(program, 'rank', {
    description: 'rank the same architectures by several evaluators and compare with full training',
    examples: `  fear-nas rank search-configs/rank-quick.yaml
  fear-nas rank search-configs/rank-quick.yaml --set budget.trials=60 --out results/ranks
  fear-nas rank search-configs/rank-quick.yaml --json > ranks.json

The configuration lists the evaluators; budget.trials is the number of architectures:
  budget: { trials: 100 }
  rank:
    evaluators:
      - { name: fear, threshold: 0.6 }
      - { name: short-training, epochs: 2, batch: 128 }
    inTraining: { epochs: [0, 1, 2, 4, 8] }

inTraining follows zero-cost measures through the first epochs of training (search-configs/measures-in-training.yaml).

Full trainings are cached ($FEAR_NAS_CACHE, else ~/.cache/fear-nas): a ranking with more architectures
or other evaluators, and the same data, space, training, engine and seed, reuses them.`,
  })
}
