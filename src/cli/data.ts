import { type Command, Option } from 'commander'
import { loadConfig } from '../config/load-config.js'
import type { ReadingOptions } from '../datasets/dataset.js'
import { datasetLabel } from '../datasets/dataset-request.js'
import { fetchDataset } from '../datasets/fetch/fetch-dataset.js'
import { fetchableNames } from '../datasets/fetch/sources.js'
import { type CheckRequest, checkDataset } from '../datasets/inspect/check-dataset.js'
import { recognise } from '../datasets/inspect/recognise.js'
import { systemClock } from '../platform/clock.js'
import { describeCheck } from '../reports/dataset-check-text.js'
import { labelsOption, share, splitsOption } from './data-options.js'
import { pathArgument, positiveInteger, printJson } from './options.js'
import { writeOut } from './output.js'
import { createProgressReporter } from './progress.js'

export function addDataCommand(program: Command): void {
  const data = program.command('data').description('check data sets, and download published ones')
  data
    .command('check')
    .description('show the contents and problems of a data file, a folder or a configuration')
    .argument('<path>', 'a file or folder of images, or a YAML configuration', pathArgument)
    .option('--size <n>', 'height and width to resample to', positiveInteger)
    .addOption(new Option('--channels <n>', 'convert images to grey or colour').choices(['1', '3']))
    .addOption(new Option('--layout <name>', 'order of the axes of arrays').choices(['nhwc', 'nchw', 'hwcn']))
    .option(
      '--splits <folders>',
      'train=FOLDER,validation=FOLDER,test=FOLDER; false: folders are classes',
      splitsOption,
    )
    .option(
      '--labels <table>',
      'the table of labels: FILE, or file=FILE,image=COLUMN,label=COLUMN,split=COLUMN; false: folders are classes',
      labelsOption,
    )
    .option('--test-share <share>', 'share of the images to set aside if there are no test images, such as 0.2', share)
    .option('--json', 'print JSON')
    .addHelpText('after', '\nExit codes: 0 the data can be used, 2 there are problems.')
    .action(check)
  data
    .command('fetch')
    .description(`download a published data set: ${fetchableNames.join(', ')}`)
    .argument('<name>', `one of ${fetchableNames.join(', ')}`)
    .option('--to <folder>', 'the folder to download to', pathArgument, 'data')
    .option('--from <url>', 'URL of a folder with the published files (a mirror)')
    .action(fetch)
}

interface CheckOptions {
  readonly size?: number
  readonly channels?: '1' | '3'
  readonly layout?: 'nhwc' | 'nchw' | 'hwcn'
  readonly splits?: ReadingOptions['splits']
  readonly labels?: ReadingOptions['labels']
  readonly testShare?: number
  readonly json?: true
}

async function check(path: string, options: CheckOptions): Promise<void> {
  const progress = createProgressReporter({ stream: process.stderr, clock: systemClock, quiet: options.json === true })
  try {
    const request = /\.ya?ml$/i.test(path) ? configured(path) : await found(path, options)
    const findings = await checkDataset(request, {
      onProgress: (fraction, message) => progress.task(fraction, message),
    })
    progress.done()
    if (options.json) printJson(findings)
    else writeOut(`${describeCheck(findings)}\n`)
    if (findings.problems.length > 0) process.exitCode = 2
  } finally {
    progress.done()
  }
}

function configured(file: string): CheckRequest {
  const { data, seed } = loadConfig(file)
  return { ...data, kind: `the data set ${datasetLabel(data)} of ${file}`, configured: { ...data, seed } }
}

async function found(path: string, { size, channels, ...others }: CheckOptions): Promise<CheckRequest> {
  const { labels, layout, splits, testShare } = others
  const reading: ReadingOptions = {
    channels: channels === undefined ? undefined : channels === '1' ? 1 : 3,
    labels,
    layout,
    splits,
    testShare,
  }
  return { ...(await recognise(path)), ...reading, size: size ?? null }
}

async function fetch(name: string, options: { readonly to: string; readonly from?: string }): Promise<void> {
  const progress = createProgressReporter({ stream: process.stderr, clock: systemClock, quiet: false })
  try {
    const path = await fetchDataset(
      { name, ...options },
      { onProgress: (fraction, message) => progress.task(fraction, message), onLine: (text) => progress.line(text) },
    )
    progress.done()
    writeOut(`data: { name: ${name}, path: ${path} }\n`)
  } finally {
    progress.done()
  }
}
