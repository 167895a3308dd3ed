import { counted } from '../../platform/count.js'
import { ownPartName } from '../../platform/parts/part-settings.js'
import type { RankingSummary } from '../../results/ranking-summary.js'
import { mostReadTrials, trialsOf } from '../../results/recorded-run.js'
import type { RunFacts, Summary } from '../../results/summary.js'
import { mixedDevices } from '../mixed-devices.js'

/** What was run, in one line. */
export function whatRan({ command, config, dataset, engine, workers }: RunFacts, architectures: number): string {
  const { space, data } = config
  const stages =
    space.channels === undefined || space.cells === undefined
      ? ''
      : ` (${space.channels} channels, ${counted(space.cells, 'cell')} per stage)`
  const searched = space.name === 'module' || space.name === 'value' ? ownPartName(space) : space.name
  return (
    `${command}: ${counted(architectures, 'architecture')} of ${searched}${stages} ` +
    `on ${dataset.name}, ${trainingImages(dataset.train ?? data.train)}, ${counted(config.training.epochs, 'epoch')} of full ` +
    `training; engine ${engine.name}, ${counted(workers, 'worker')}, seed ${config.seed}.`
  )
}

/** Caveats for the reader. */
export function noticesOf(summary: Summary | RankingSummary): readonly string[] {
  // A ranking's pictures are drawn from its summary.
  const trials = 'arms' in summary ? trialsOf(summary) : 0
  return [
    ...(summary.stopped
      ? [
          'This run was stopped before its budget was used. The figures cover the finished trials; the run can be resumed.',
        ]
      : []),
    ...mixedDevices(summary),
    ...(trials > mostReadTrials
      ? [`Charts of single trials are left out: this run has ${trials}, and they show at most ${mostReadTrials}.`]
      : []),
  ]
}

/** Older summaries have only the configured number, where 0 means all. */
function trainingImages(train: number): string {
  return train === 0 ? 'all its training images' : counted(train, 'training image')
}
