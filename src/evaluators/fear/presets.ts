import type { FilledPreset, PresetWorld } from '../evaluator-part.js'
import type { FearOptions } from './options.js'

/** Data sets for which FEAR's authors give values. */
export type PaperDataset = 'cifar10' | 'cifar100' | 'imagenet16-120' | 'synthetic-cifar10'

/**
 * The settings that depend on the data set: the train accuracy that ends stage 1 (docs/fear_reproduce.md), and stage
 * 2's batch and epochs in the ranking experiments (scripts/reports/fear_plots/cross_exp_conf.yaml; for synthetic
 * CIFAR-10 docs/fear_reproduce.md). All in microsoft/archai at 818292bd.
 */
const paperValues: Readonly<Record<PaperDataset, { threshold: number; batch: number; epochs: number }>> = {
  cifar10: { threshold: 0.6, batch: 1024, epochs: 5 },
  cifar100: { threshold: 0.3, batch: 512, epochs: 5 },
  'imagenet16-120': { threshold: 0.2, batch: 512, epochs: 10 },
  'synthetic-cifar10': { threshold: 0.15, batch: 1024, epochs: 5 },
}

/** The data sets that have a preset. */
export const paperDatasets = Object.keys(paperValues) as readonly PaperDataset[]

/** Whether the authors give values for a data set. */
export function isPaperDataset(name: unknown): name is PaperDataset {
  return paperDatasets.some((known) => known === name)
}

/**
 * The authors' ranking experiments: no rejection, the score is the train accuracy of stage 2's last epoch
 * (scripts/reports/fear_analysis/analysis_freeze_natsbench_space_new.py).
 *
 * With five cells a stage, the size of NATS-Bench, the last four cells and the head are trained
 * (archai/algos/proxynas/freeze_natsbench_evaluater.py); with any other number, which the authors did not use, the cells
 * of the last stage and the head. Frozen batch norm keeps using batch statistics, as the
 * authors leave the whole network in train mode. Optimiser constants are the recipe's: SGD 0.9 with Nesterov, weight
 * decay 5e-4, clipping at 5. The authors augment CIFAR images (crop 4, flip and, in ranking only, cutout 16).
 */
export function paperRankingOptions(dataset: PaperDataset, cells = 5): FearOptions {
  const { threshold, batch, epochs } = paperValues[dataset]
  return {
    name: 'fear',
    threshold,
    maxEpochs: 200,
    ratio: null,
    cost: 'seconds',
    score: 'train',
    stage1: { batch: 256, learningRate: 0.1, schedule: 'cosine', check: 'epoch', window: 50 },
    stage2: {
      cut: cells === 5 ? 'cells.13' : 'last-stage',
      epochs,
      batch,
      learningRate: 0.1,
      cacheFeatures: false,
      batchNorm: 'batch',
      scoreEpoch: 'last',
    },
  }
}

/**
 * The authors' random search: rejection at four times the fastest stage 1 in measured seconds, stage 2 of 10 epochs at
 * batch 1024 on every data set, the score is the train accuracy of stage 2's best epoch
 * (archai/algos/random_natsbench/random_natsbench_tss_far_searcher.py and its yaml; ratio from docs/fear_reproduce.md).
 */
export function paperSearchOptions(dataset: PaperDataset, cells = 5): FearOptions {
  const ranking = paperRankingOptions(dataset, cells)
  return { ...ranking, ratio: 4, stage2: { ...ranking.stage2, batch: 1024, epochs: 10, scoreEpoch: 'best' } }
}

/**
 * Puts the settings of FEAR's authors for the data set under what is written, group by group, where that says
 * `preset: paper`: those of their searches, or of their rankings. Values of a wrong form are left for the schema.
 */
export function fillFearPreset(
  { preset, ...written }: Readonly<Record<string, unknown>>,
  { dataset, cells, isRanked }: PresetWorld,
): FilledPreset {
  if (preset !== 'paper') return { kind: 'none' }
  if (!isPaperDataset(dataset)) {
    return { kind: 'missing', why: `has no settings for ${dataset}: FEAR's authors used ${paperDatasets.join(', ')}.` }
  }
  const options = (isRanked ? paperRankingOptions : paperSearchOptions)(dataset, cells)
  const group = (key: 'stage1' | 'stage2'): unknown =>
    isGroup(written[key]) ? { ...options[key], ...written[key] } : (written[key] ?? options[key])
  return { kind: 'filled', values: { ...options, ...written, stage1: group('stage1'), stage2: group('stage2') } }
}

function isGroup(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
