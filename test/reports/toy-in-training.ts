import type { InTrainingOptions } from '../../src/evaluators/measures-in-training/settings.js'
import { noCost } from '../../src/evaluators/outcome.js'
import type { MeasureName } from '../../src/evaluators/zero-cost/measure.js'
import type { RecordedRanking } from '../../src/results/recorded-run.js'
import { summariseInTraining } from '../../src/studies/in-training/summarise-in-training.js'
import type { InTrainingResult } from '../../src/studies/index.js'
import { hash } from '../search/toy-evaluation.js'
import { toyRanking } from './toy-ranking.js'

const measures = ['grad_norm', 'jacob_cov', 'synflow'] as const

const evaluator: InTrainingOptions = {
  name: 'measures-in-training',
  measures,
  batch: 64,
  epochs: [0, 1, 2, 4, 8],
  training: 'paper',
  threshold: 0.5,
}

/** A number in 0..1 that has nothing to do with the truth. */
const chance = (architecture: string, about: string): number => hash(`${architecture} ${about}`) / 2 ** 32

/**
 * A ranking with a study of measures in training: jacob_cov finds the truth at first and loses it, grad_norm and the
 * accuracies learn it, synflow never knows.
 */
export function toyInTraining(changes: Partial<InTrainingOptions> = {}): RecordedRanking {
  const ranking = toyRanking()
  const { architectures } = ranking.summary
  const options = { ...evaluator, ...changes }
  const trials = architectures.map(({ trial, architecture, truth }) => {
    const snapshots = options.epochs.map((epochs) => {
      const learnt = (truth ?? 0) * (epochs / 8)
      const noise = (about: string) => chance(architecture, `${about} ${epochs}`)
      const values: Partial<Record<MeasureName, number>> = {
        grad_norm: learnt + 0.2 * noise('grad_norm'),
        jacob_cov: (truth ?? 0) * (1 - epochs / 8) + 0.1 * noise('jacob_cov'),
        synflow: noise('synflow'),
      }
      return {
        epochs,
        trainAccuracy: epochs === 0 ? null : learnt,
        validationAccuracy: learnt + 0.01 * noise('validation'),
        measures: values as Record<MeasureName, number>,
        seconds: { train: epochs, validate: 0.1, measures: {} as Record<MeasureName, number> },
      }
    })
    const cost = { ...noCost, computeSeconds: 9 }
    const accuracies = { score: 0, trainAccuracy: 0, validationAccuracy: 0 }
    const kind = { kind: 'scored', metric: 'validation-accuracy' } as const
    return { index: trial, architecture, outcome: { ...kind, ...accuracies, cost, phases: { train: cost }, snapshots } }
  })
  const inTraining: InTrainingResult = summariseInTraining(options, { trials, wallSeconds: 1 }, architectures, {
    bootstrap: 100,
    seed: 1,
  })
  return { ...ranking, summary: { ...ranking.summary, inTraining } }
}

/** The same of a ranking that has no evaluators. */
export function toyInTrainingAlone(changes: Partial<InTrainingOptions> = {}): RecordedRanking {
  const run = toyInTraining(changes)
  return { ...run, summary: { ...run.summary, methods: run.summary.methods.slice(0, 1) } }
}
