import { type Command, InvalidArgumentError } from 'commander'
import { parseEngineName } from '../benchmarks/benchmark-engine.js'
import { type BenchmarkResult, runBenchmark } from '../benchmarks/run-benchmark.js'
import { defaultRepetitions } from '../benchmarks/timing.js'
import type { BenchmarkCase, BenchmarkKind } from '../benchmarks/workload.js'
import { engineNames } from '../engines/registry.js'
import { systemClock } from '../platform/clock.js'
import { counted } from '../platform/count.js'
import { ConfigError, NetworkTooLargeError } from '../platform/errors.js'
import { natsTss } from '../spaces/nats-tss/index.js'
import { positiveInteger, printJson, printNote, upTo } from './options.js'
import { writeOut } from './output.js'

interface BenchOptions {
  readonly arch: string
  readonly channels: number
  readonly cells: number
  readonly batch: number
  readonly size: number
  readonly inputChannels: number
  readonly cut?: string
  readonly engine: string
  readonly isa?: string
  readonly threads: number
  readonly steps?: number
  readonly json?: true
}

interface BenchAbout {
  readonly kind: BenchmarkKind
  readonly description: string
  readonly batch: number
  readonly examples: string
}

const everythingConvolved =
  '|nor_conv_3x3~0|+|nor_conv_3x3~0|nor_conv_3x3~1|+|nor_conv_3x3~0|nor_conv_3x3~1|nor_conv_3x3~2|'

const benchmarks: readonly BenchAbout[] = [
  {
    kind: 'step',
    description: 'time one training step of a nats-tss network',
    batch: 128,
    examples: `  fear-nas bench step --channels 16 --cells 1 --batch 128 --size 28
  fear-nas bench step --arch '|nor_conv_3x3~0|+|none~0|skip_connect~1|+|none~0|none~1|skip_connect~2|' --json
  fear-nas bench step --size 32 --input-channels 3 --engine native --isa avx2 --threads 2`,
  },
  {
    kind: 'tail',
    description: 'time one training step of the layers above a cut, on stored features (stage 2 of FEAR)',
    batch: 256,
    examples: '  fear-nas bench tail --channels 8 --cut last-stage --json',
  },
  {
    kind: 'evaluate',
    description: 'time inference: loss and accuracy of one batch',
    batch: 256,
    examples: '  fear-nas bench evaluate --channels 16 --engine wasm --json',
  },
]

export function addBenchCommand(program: Command): void {
  const bench = program.command('bench').description('time an engine: fear-nas bench step, tail or evaluate')
  for (const about of benchmarks) addBenchmark(bench, about)
}

function addBenchmark(bench: Command, { kind, description, batch, examples }: BenchAbout): void {
  const command = bench
    .command(kind)
    .description(description)
    .option('--arch <string>', 'an architecture of nats-tss (default: 3x3 convolutions only)')
    .option('--channels <n>', 'channels of the first stage', upTo(256), 8)
    .option('--cells <n>', 'cells in each of the three stages', upTo(20), 1)
    .option('--batch <n>', 'images in the batch', upTo(65_536), batch)
    .option('--size <n>', 'height and width of the images, a multiple of 4', upTo(512), 28)
    .option('--input-channels <n>', '1 for grey images, 3 for colour', greyOrColour, 1)
  if (kind === 'tail') command.option('--cut <name>', 'last-stage, cells.K or head', 'last-stage')
  command
    .option('--engine <name>', `${engineNames.join(', ')} or auto`, 'auto')
    .option('--isa <name>', 'instruction set of the native engine: avx512, avx2, generic')
    .option('--threads <n>', 'number of threads, each with its own network', upTo(256), 1)
    .option(
      '--steps <n>',
      'batches to time per thread (default: as many as fit into two seconds, at least 3)',
      positiveInteger,
    )
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      `
The first batch, which allocates, is not timed. imagesPerSecond and gflops are totals of all threads. FLOPs count
convolutions and the linear layer, forward and backward, a multiply-add as two; Winograd's method
needs fewer. phases are seconds per batch, if the engine measures them.

Examples:
${examples}`,
    )
    .action(async (options: BenchOptions) => {
      const one = caseOf(kind, options)
      const { engine, isa = null, threads, steps } = options
      const repetitions = steps === undefined ? defaultRepetitions : { steps }
      const asked = { engine: parseEngineName(engine), isa, threads, repetitions }
      const result = await runBenchmark(one, asked, systemClock, printNote).catch((error: unknown) => {
        throw tooLarge(one, error)
      })
      if (options.json) printJson({ ...one, ...result })
      else writeOut(renderResult(one, result))
    })
}

/** Names the options to lower where the network or its batch is too large for the engine; else the error as it is. */
function tooLarge({ channels, size, batch }: BenchmarkCase, error: unknown): unknown {
  if (!(error instanceof NetworkTooLargeError)) return error
  return new ConfigError(
    `--channels ${channels}, --size ${size} and --batch ${batch} are too large for the engine (${error.message}). Lower one of them.`,
  )
}

function caseOf(kind: BenchmarkKind, options: BenchOptions): BenchmarkCase {
  const { arch = everythingConvolved, channels, cells, batch, size, inputChannels, cut = null } = options
  return { kind, architecture: natsTss.parse(arch), channels, cells, batch, size, inputChannels, cut }
}

function renderResult(one: BenchmarkCase, result: BenchmarkResult): string {
  const { channels, cells, batch, size, inputChannels, cut } = one
  const milliseconds = (seconds: number) => `${(1000 * seconds).toFixed(2)} ms`
  const rows = [
    ['network', `${one.architecture}, C=${channels}, N=${cells}, ${size}x${size}x${inputChannels}`],
    ['work', `${one.kind}${cut === null ? '' : ` above ${cut}`}, batch ${batch}, ${result.steps} times`],
    ['engine', `${result.engine} (${result.isa}), ${counted(result.threads, 'thread')}`],
    ['per batch', `${milliseconds(result.medianSeconds)} (median), ${milliseconds(result.minSeconds)} (minimum)`],
    ['speed', `${result.imagesPerSecond.toFixed(0)} images/s, ${result.gflops.toFixed(1)} GFLOP/s`],
    ...Object.entries(result.phases).map(([name, seconds]) => [`  ${name}`, milliseconds(seconds)]),
  ] as const
  return rows.map(([name = '', value]) => `${name.padEnd(20)} ${value}\n`).join('')
}

function greyOrColour(text: string): number {
  if (text === '1' || text === '3') return Number(text)
  throw new InvalidArgumentError('It must be 1 (grey) or 3 (colour).')
}
