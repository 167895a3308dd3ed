import chalk from 'chalk'
import { visibleLines } from '../../platform/visible-text.js'
import type { TrainingStatus } from '../../results/status/training-status.js'
import { formatAccuracy, formatDuration } from '../format.js'
import { ownerText, stateText } from './status-text.js'

/** The status of a training for a terminal. */
export function renderTrainingStatus(read: TrainingStatus, secondsAgo: (date: string) => number): string {
  const status = visibleLines(read)
  const { architecture, date, directory, epoch, epochs, lastEventSecondsAgo, network, networks, owner, state } = status
  const { secondsLeft, testAccuracy, trainAccuracy, validationAccuracy } = status
  const held = state === 'finished' ? 'finished' : owner === null ? 'not running' : ownerText(owner, secondsAgo)
  const which = networks === 1 ? '' : `network ${network} of ${networks}, `
  const lines = [
    `${chalk.bold(directory)}: fear-nas train, ${stateText(state)}`,
    ...(date === null ? [] : [`  began ${date}`]),
    `  ${held}; last event ${formatDuration(lastEventSecondsAgo)} ago`,
    '',
    `${chalk.bold(architecture)}: ${which}epoch ${epoch} of ${epochs}`,
    ...(trainAccuracy === null ? [] : [`  training accuracy of the last epoch: ${formatAccuracy(trainAccuracy)}`]),
    ...(validationAccuracy === null
      ? []
      : [`  validation accuracy${state === 'finished' ? '' : ', best so far'}: ${formatAccuracy(validationAccuracy)}`]),
    ...(testAccuracy === null ? [] : [`  test accuracy: ${formatAccuracy(testAccuracy)}`]),
    ...(secondsLeft === null
      ? []
      : [`  left: about ${formatDuration(secondsLeft)} of training, at its mean pace so far`]),
  ]
  if (status.resume !== null) lines.push('', `continue with: ${status.resume}`)
  return lines.join('\n')
}
