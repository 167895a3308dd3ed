import chalk from 'chalk'
import { createLogUpdate } from 'log-update'
import { awakeClock } from '../platform/awake-clock.js'
import { counted } from '../platform/count.js'
import { resumeCommand } from '../platform/shell.js'
import { visibleOutput } from '../platform/visible-text.js'
import { formatDuration } from '../reports/format.js'
import { renderNetwork } from '../reports/network-text.js'
import { clockText } from '../reports/outcome-text.js'
import { readMetrics } from '../results/read-metrics.js'
import { NoNetworkError } from '../runs/finished-runs.js'
import type { TrainEvent } from '../runs/train-event.js'
import type { TrainOptions } from '../runs/train-options.js'
import { noteRunDirectory } from './lost-output.js'
import { printJson, printNote } from './options.js'
import { writeOut } from './output.js'
import { stopOnSignals } from './signals.js'

type Followers = Pick<TrainOptions, 'onEvent' | 'onProgress' | 'onWarning' | 'signal'>

export interface Printing {
  readonly json?: boolean | undefined
  readonly quiet?: boolean | undefined
}

/** Trains by `run`, shows how it goes, and prints the result. One signal stops it; it can then be resumed. */
export async function followTraining(
  directory: string,
  { json = false, quiet = false }: Printing,
  run: (followers: Followers) => Promise<unknown>,
): Promise<void> {
  const stream = json ? process.stderr : process.stdout
  const status = stream.isTTY && !quiet ? createLogUpdate(stream) : null
  const clock = awakeClock()
  const started = clock.now()
  const print = (text: string): void => {
    if (quiet) return
    status?.clear()
    stream.write(`${visibleOutput(text)}\n`)
  }
  const signals = stopOnSignals(print, () => `continue with: ${resumeCommand(directory)}`)
  noteRunDirectory(directory)
  print(`network in ${directory}`)
  try {
    await run({
      signal: signals.stop,
      onWarning: printNote,
      onProgress: (fraction, message) => status?.(visibleOutput(`${message} ${Math.floor(100 * fraction)} %`)),
      onEvent(event) {
        const text = describe(event)
        if (text !== null) print(`${chalk.dim(clockText(clock.now() - started))} ${text}`)
      },
    })
  } catch (error) {
    if (!(error instanceof NoNetworkError) || !signals.stop.aborted) throw error
    printNote(error.commandLineMessage)
    return
  } finally {
    status?.clear()
    status?.done()
    signals.dispose()
  }
  const metrics = readMetrics(directory)
  if (json) printJson(metrics)
  else
    writeOut(
      `${renderNetwork(metrics)}\nfiles in ${directory}: report.html, network.bin, metrics.json, mistakes.json, summary.json, config.yaml\n`,
    )
}

function describe(event: TrainEvent): string | null {
  const which = event.repetition === undefined ? '' : `network ${event.repetition}/${event.repetitions}, `
  switch (event.kind) {
    case 'training-started': {
      const before = event.done === undefined ? '' : `, ${event.done} done before`
      return `${which}${counted(event.epochs, 'epoch')}${before}  ${event.architecture}`
    }
    case 'epoch-finished': {
      const { figures } = event
      const percent = (value: number): string => `${(100 * value).toFixed(2)} %`
      const told =
        figures === undefined
          ? ''
          : `: loss ${figures.trainLoss.toFixed(4)}, training ${percent(figures.trainAccuracy)}` +
            (figures.validationAccuracy === null ? '' : `, validation ${percent(figures.validationAccuracy)}`) +
            `, ${formatDuration(figures.seconds)}`
      return `${which}epoch ${event.epoch}/${event.epochs}${told}`
    }
    case 'training-finished':
      return null
  }
}
