import type { Command } from 'commander'
import { formatFlops } from '../reports/format.js'
import { describeArchitecture, describeSpace } from '../spaces/describe.js'
import { createSearchSpace, searchSpaceNames } from '../spaces/registry.js'
import { positiveInteger, printJson } from './options.js'

interface SpaceOptions {
  readonly arch?: string
  readonly channels: number
  readonly cells: number
  readonly size: number
  readonly inputChannels: number
  readonly classes: number
  readonly json?: true
}

export function addSpaceCommand(program: Command): void {
  program
    .command('space')
    .description('describe a search space, or one architecture of it')
    .argument('<name>', `a search space: ${searchSpaceNames.join(', ')}`)
    .option('--arch <string>', 'an architecture, such as "|skip_connect~0|+|none~0|none~1|+|..."')
    .option('--channels <n>', 'channels of the first stage', positiveInteger, 16)
    .option('--cells <n>', 'cells in each stage', positiveInteger, 5)
    .option('--size <n>', 'height and width of the images', positiveInteger, 32)
    .option('--input-channels <n>', 'channels of the images', positiveInteger, 3)
    .option('--classes <n>', 'classes of the data set', positiveInteger, 10)
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      `
Examples:
  fear-nas space nats-tss --json
  fear-nas space nats-tss --arch '|nor_conv_3x3~0|+|none~0|skip_connect~1|+|none~0|none~1|skip_connect~2|'`,
    )
    .action((name: string, options: SpaceOptions) => {
      const space = createSearchSpace(name)
      if (options.arch === undefined) {
        const description = describeSpace(space)
        if (options.json) return printJson(description)
        const { architectures, connected, canonical } = description
        process.stdout.write(
          `${name}: ${architectures} architectures, ${connected} of them connect input and output;\n` +
            `${canonical.natsBench} differ by NATS-Bench's unique string, ${canonical.isomorphism} truly differ\n`,
        )
        return
      }
      const { channels, cells, size, inputChannels, classes } = options
      const description = describeArchitecture(space, options.arch, {
        channels,
        cells,
        input: { channels: inputChannels, height: size, width: size },
        classes,
      })
      if (options.json) return printJson(description)
      process.stdout.write(
        `${description.architecture}\n` +
          `${description.params} parameters, ${formatFlops(description.flops)} an image, ` +
          `${description.connected ? 'connected' : 'NOT connected'}, ${description.neighbours.length} neighbours\n` +
          `canonical (isomorphism): ${description.canonical.isomorphism}\n`,
      )
    })
}
