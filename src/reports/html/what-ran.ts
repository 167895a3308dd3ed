import { mixedDevices } from '../mixed-devices.js'
import type { RankingSummary } from '../ranking-summary.js'
import { mostReadTrials, trialsOf } from '../recorded-run.js'
import type { RunFacts, Summary } from '../summary.js'

/** What was run, in a line. */
export function whatRan({ command, config, dataset, engine, workers }: RunFacts, architectures: number): string {
  const { space, data } = config
  const stages =
    space.name === 'nats-sss' ? '' : ` (${space.channels} channels, ${counted(space.cells, 'cell')} a stage)`
  return (
    `${command}: ${architectures} architectures of ${space.name}${stages} ` +
    `on ${dataset.name}, ${data.train} training images, ${counted(config.training.epochs, 'epoch')} of full ` +
    `training; engine ${engine.name}, ${counted(workers, 'worker')}, seed ${config.seed}.`
  )
}

/** What a reader must know first. */
export function noticesOf(summary: Summary | RankingSummary): readonly string[] {
  // A ranking's pictures are drawn from its summary.
  const trials = 'arms' in summary ? trialsOf(summary) : 0
  return [
    ...(summary.stopped
      ? ['This run was stopped before its budget was used. The figures are of what was done; it may be resumed.']
      : []),
    ...mixedDevices(summary),
    ...(trials > mostReadTrials
      ? [
          `Pictures of single trials are left out: this run has ${trials} of them, and they show ${mostReadTrials} at most.`,
        ]
      : []),
  ]
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`
}
