import type { Command } from 'commander'
import { systemClock } from '../platform/clock.js'
import { counted } from '../platform/count.js'
import { ConfigError } from '../platform/errors.js'
import { predictionCsv, predictionCsvHead } from '../reports/prediction-csv.js'
import { labelledText, predictionLine } from '../reports/prediction-text.js'
import { predictImages } from '../runs/predict-images.js'
import { pathArgument, positiveInteger, printJson, printNote } from './options.js'
import { writeOut } from './output.js'
import { createProgressReporter } from './progress.js'

interface PredictCommandOptions {
  readonly top: number
  readonly arm?: string
  readonly json?: true
  readonly csv?: true
}

/** Images with known classes up to which each has its line; more are only summed up. */
const mostLabelledLines = 50

export function addPredictCommand(program: Command): void {
  program
    .command('predict')
    .description('classify image files by a trained network')
    .argument('<model>', 'a run directory, a directory of train, or the file of a network', pathArgument)
    .argument('<images...>', 'image files, and folders of them')
    .option('--top <n>', 'show the n most probable classes', positiveInteger, 1)
    .option('--arm <name>', 'the arm of a comparison (default: the highest validation accuracy)')
    .option('--csv', 'print a line of CSV for each image')
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      `
Images are turned, made grey or colour, and resized as in training. In a folder, folders with the
names of classes tell the true class; then accuracy and confusion matrix follow. Exit code 1: some
images could not be read.

Examples:
  fear-nas predict results/mine photos/cat.jpg
  fear-nas predict results/mine photos --top 3
  fear-nas predict results/mine photos --csv > photos.csv
  fear-nas predict results/mine/best-fear.bin photos/cat.jpg photos/dog.jpg --json`,
    )
    .action(async (from: string, images: readonly string[], { arm, csv, json, top: asked }: PredictCommandOptions) => {
      if (csv && json) throw new ConfigError('Give --csv or --json, not both.')
      const progress = createProgressReporter({ stream: process.stderr, clock: systemClock, quiet: false })
      const predicted = await predictImages(from, images, {
        arm,
        onProgress: (fraction, message) => progress.task(fraction, message),
        onWarning: (message) => progress.line(message),
      }).finally(() => progress.done())
      const { classNames, labelled, images: results } = predicted
      const top = Math.min(asked, classNames.length)
      const failed = results.filter(({ error }) => error !== null)
      if (failed.length > 0) process.exitCode = 1
      if (json) return printJson({ schema: 1, ...predicted })
      if (csv) {
        writeOut(predictionCsvHead(top))
        for (const result of results) writeOut(predictionCsv(result, classNames, top))
      } else {
        const sumsUp = labelled !== null && labelled.images > mostLabelledLines
        const shown = results.filter(({ error, trueClass }) => error === null && !(sumsUp && trueClass !== null))
        for (const result of shown) writeOut(`${predictionLine(result, classNames, top)}\n`)
      }
      for (const result of failed) printNote(predictionLine(result, classNames, top))
      if (failed.length > 0) printNote(`${counted(failed.length, 'image')} of ${results.length} could not be read`)
      if (labelled === null || csv) return
      writeOut(`${labelledText(labelled, classNames)}\n`)
      const unlabelled = results.length - failed.length - labelled.images
      if (unlabelled > 0) printNote(`${counted(unlabelled, 'image')} without a folder of a class, so not counted above`)
    })
}
