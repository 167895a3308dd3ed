import type { Command } from 'commander'
import { checkText } from '../export/check-text.js'
import { exportFormats } from '../export/registry.js'
import { systemClock } from '../platform/clock.js'
import { exportNetwork } from '../runs/export-network.js'
import { pathArgument, positiveInteger, printJson } from './options.js'
import { writeOut } from './output.js'
import { createProgressReporter } from './progress.js'

interface ExportCommandOptions {
  readonly format: string
  readonly out?: string
  readonly arm?: string
  readonly replace?: true
  readonly images?: number
  readonly licence?: string
  readonly json?: true
}

export function addExportCommand(program: Command): void {
  program
    .command('export')
    .description('write a trained network for other programs, and check that it predicts the same')
    .argument('<run or network>', 'a run directory, or the file of a network, such as best-fear.bin', pathArgument)
    .requiredOption('--format <name>', exportFormats.map(({ name }) => name).join(', '))
    .option('--out <dir>', 'the folder to write (default: beside the network, such as best-fear-onnx)', pathArgument)
    .option('--arm <name>', 'the arm of a comparison (default: the highest validation accuracy)')
    .option('--images <n>', 'check on at most this many images (default: all)', positiveInteger)
    .option('--licence <text>', 'the licence of the network, for its metadata')
    .option('--replace', 'replace the files of an earlier export')
    .option('--json', 'print what was written and how it was checked as JSON')
    .addHelpText(
      'after',
      `
The exported network takes bytes of images as they are, normalises them itself, and gives logits and
probabilities. Its files are read again and must predict the same as the network, on all test and
validation images of the run; otherwise nothing is written and the exit code is 1.

Examples:
  fear-nas export results/mine --format onnx
  fear-nas export results/mine/best-fear.bin --format onnx --out shoes --licence CC-BY-4.0
  fear-nas export results/mine --format tfjs --out page/model
  fear-nas export results/mine --format pytorch --images 1000
  fear-nas export results/mine --format onnx --replace --json`,
    )
    .action(async (from: string, { json, out, ...options }: ExportCommandOptions) => {
      const progress = createProgressReporter({ stream: process.stderr, clock: systemClock, quiet: false })
      const exported = await exportNetwork(from, {
        ...options,
        directory: out,
        onProgress: (fraction, message) => progress.task(fraction, message),
        onWarning: (message) => progress.line(message),
      }).finally(() => progress.done())
      if (json) return printJson({ schema: 1, ...exported })
      const { architecture, check, directory, files, network } = exported
      writeOut(`${network}: ${architecture}\n${checkText(check)}\n${directory}: ${files.join(', ')}\n`)
    })
}
