import type { RunFacts } from '../summary.js'

/** What was run, in a line. */
export function whatRan({ command, config, dataset, engine, workers }: RunFacts, architectures: number): string {
  const { space, data } = config
  return (
    `${command}: ${architectures} architectures of ${space.name} (${space.channels} channels, ${counted(space.cells, 'cell')} ` +
    `a stage) on ${dataset.name}, ${data.train} training images, ${counted(config.training.epochs, 'epoch')} of full ` +
    `training; engine ${engine.name}, ${counted(workers, 'worker')}, seed ${config.seed}.`
  )
}

/** What a reader must know first. */
export function noticesOf({ stopped }: { readonly stopped: boolean }): readonly string[] {
  return stopped
    ? ['This run was stopped before its budget was used. The figures are of what was done; it may be resumed.']
    : []
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`
}
