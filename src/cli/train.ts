import { existsSync } from 'node:fs'
import path from 'node:path'
import type { Command } from 'commander'
import { loadConfig, loadRecordedConfig } from '../config/load-config.js'
import type { Config } from '../config/schema/config.js'
import { engineNames } from '../engines/registry.js'
import { holdsTraining } from '../journal/training-directory.js'
import { ConfigError } from '../platform/errors.js'
import { bestArchitecture } from '../results/best-architecture.js'
import { readMetrics } from '../results/read-metrics.js'
import { train } from '../runs/train.js'
import type { TrainChoices, TrainInput } from '../runs/train-options.js'
import { defaultDirectory } from './default-directory.js'
import { followTraining } from './follow-train.js'
import { collect, pathArgument, positiveInteger, printNote } from './options.js'

interface TrainCommandOptions extends TrainChoices {
  readonly arch?: string
  readonly config?: string
  readonly arm?: string
  readonly epochs?: number
  readonly engine?: string
  readonly set: readonly string[]
  readonly out?: string
  readonly quiet?: true
  readonly json?: true
}

const examples = `  fear-nas train results/quick                     the best architecture of a run
  fear-nas train results/quick --epochs 100 --patience 10 --out results/net
  fear-nas train --config search-configs/quick.yaml --arch '|nor_conv_3x3~0|+|none~0|skip_connect~1|+|none~0|none~1|skip_connect~2|'
  fear-nas train results/quick --seeds 5           mean and spread; keeps the best
  fear-nas train results/quick --all-data          with the validation images, for the network that you put to use
  fear-nas train results/quick --from results/quick/best-fear.bin   begin with its weights`

export function addTrainCommand(program: Command): void {
  program
    .command('train')
    .description('train one network in full: the best of a run, or any architecture')
    .argument('[run]', 'a run directory, whose best architecture is trained by its configuration', pathArgument)
    .option('--arm <name>', 'the arm of the run; default: the arm with the best network by validation accuracy')
    .option('--arch <string>', 'an architecture, with --config instead of a run')
    .option('--config <file>', 'a YAML configuration: its data, space, training, engine and seed', pathArgument)
    .option('--epochs <n>', 'the same as --set training.epochs=<n>', positiveInteger)
    .option(
      '--patience <n>',
      'end after n epochs without a better validation accuracy; keep the best epoch',
      positiveInteger,
    )
    .option('--all-data', 'train on the training and the validation images together')
    .option('--seeds <n>', 'train n networks, print mean and spread, and keep the best', positiveInteger)
    .option(
      '--from <network>',
      'begin with the weights of this network file, or of the network in this directory',
      pathArgument,
    )
    .option('--engine <name>', `${engineNames.join(', ')} or auto; the same as --set engine=<name>`)
    .option('--set <path=value>', 'override a setting, such as training.batch=64 (repeatable)', collect, [])
    .option('--out <dir>', 'the directory of the network (default: results/<run or config>-train-<time>)', pathArgument)
    .option('--quiet', 'print nothing but warnings and the result')
    .option('--json', 'print metrics.json on standard output, progress on standard error')
    .addHelpText(
      'after',
      `
A training that was stopped or killed goes on with fear-nas resume <dir>, to the same weights.
The trialTimeout of a configuration limits the trials of a search, not this training.

Examples:
${examples}`,
    )
    .action(async (run: string | undefined, options: TrainCommandOptions) => {
      const { allData, from, json, out, patience, quiet, seeds } = options
      const { architecture, config, name } = subjectOf(run, options)
      const directory = out ?? defaultDirectory(`${name}-train`)
      const choices = { allData, from, patience, seeds }
      const input = inputOf(architecture, config)
      await followTraining(directory, { json, quiet }, (followers) =>
        train(input, { ...choices, ...followers, directory }),
      )
    })
}

interface Subject {
  readonly architecture: string
  readonly config: Config
  /** For the directory. */
  readonly name: string
}

/** @throws ConfigError unless there is either a run, or an architecture and a configuration. */
function subjectOf(
  run: string | undefined,
  { arch, arm, config: file, engine, epochs, set }: TrainCommandOptions,
): Subject {
  const sets = [
    ...set,
    ...(epochs === undefined ? [] : [`training.epochs=${epochs}`]),
    ...(engine === undefined ? [] : [`engine=${engine}`]),
  ]
  if (run === undefined) {
    if (arch === undefined || file === undefined || arm !== undefined) throw wrongSubject()
    return {
      architecture: arch,
      config: loadConfig(file, sets, printNote),
      name: path.basename(file, path.extname(file)),
    }
  }
  if (arch !== undefined || file !== undefined) throw wrongSubject()
  const recorded = path.join(run, 'config.yaml')
  if (!existsSync(recorded)) {
    throw new ConfigError(
      `${run} is no run directory: it has no config.yaml. Name the directory of a search or a comparison.`,
    )
  }
  const { architecture } = holdsTraining(run) ? readMetrics(run) : bestArchitecture(run, arm ?? null)
  const config = sets.length === 0 ? loadRecordedConfig(recorded) : loadConfig(recorded, sets, printNote)
  return { architecture, config, name: path.basename(path.resolve(run)) }
}

function wrongSubject(): ConfigError {
  return new ConfigError(
    'Name either a run directory (fear-nas train results/quick), or an architecture and a configuration (--arch and --config).',
  )
}

/** The settings that decide a training. A trial's time limit is none for it: the longest that can be set. */
function inputOf(architecture: string, config: Config): TrainInput {
  const { clock, data, engine, isolation, seed, space, training } = JSON.parse(JSON.stringify(config)) as Config
  return { architecture, clock, data, engine, isolation, seed, space, training, trialTimeout: '20d' }
}
