import type { Command } from 'commander'
import { loadConfig } from '../config/load-config.js'
import type { Config } from '../config/schema/config.js'
import { spaceSchema } from '../config/schema/space.js'
import { type Images, spaceSetup } from '../config/space-setup.js'
import { ConfigError } from '../platform/errors.js'
import { formatFlops } from '../reports/format.js'
import { countSpace, describeArchitecture, type SpaceCounts } from '../spaces/describe.js'
import { createSearchSpace, findSpaceName, searchSpaceNames } from '../spaces/registry.js'
import { collect, pathArgument, printJson, printNote, upTo } from './options.js'
import { writeOut } from './output.js'

interface SpaceCommandOptions {
  readonly config?: string
  readonly set: readonly string[]
  readonly arch?: string
  readonly channels?: number
  readonly cells?: number
  readonly size: number
  readonly inputChannels: number
  readonly classes: number
  readonly json?: true
}

export function addSpaceCommand(program: Command): void {
  program
    .command('space')
    .description('describe a search space, or one architecture of it')
    .argument('[name]', `a search space: ${searchSpaceNames.join(', ')}; or use --config`)
    .option('--config <file>', 'a YAML configuration whose space to describe', pathArgument)
    .option('--set <path=value>', 'override a setting of the configuration (repeatable)', collect, [])
    .option('--arch <string>', 'an architecture, such as "|skip_connect~0|+|none~0|none~1|+|..."')
    .option('--channels <n>', 'channels of the first stage (default: 16)', upTo(65_536))
    .option('--cells <n>', 'cells in each stage (default: 5)', upTo(1000))
    .option('--size <n>', 'height and width of the images', upTo(65_536), 32)
    .option('--input-channels <n>', 'channels of the images', upTo(65_536), 3)
    .option('--classes <n>', 'classes of the data set', upTo(1_000_000), 10)
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      `
Examples:
  fear-nas space nats-tss --json
  fear-nas space nats-tss --arch '|nor_conv_3x3~0|+|none~0|skip_connect~1|+|none~0|none~1|skip_connect~2|'
  fear-nas space nats-sss --arch 8:16:24:64:64
  fear-nas space --config search-configs/cell.yaml`,
    )
    .action((name: string | undefined, options: SpaceCommandOptions) => {
      const settings = spaceSettings(name, options)
      const space = createSearchSpace(settings)
      if (options.arch === undefined) {
        const counts = countSpace(space)
        if (options.json) printJson(counts)
        else writeOut(countsText(space.name, counts))
        return
      }
      const { size, inputChannels, classes, channels, cells } = options
      const images: Images = { channels: inputChannels, height: size, width: size, classes }
      const { macro } = spaceSetup(settings, images)
      const description = describeArchitecture(space, options.arch, {
        ...macro,
        ...(channels === undefined ? {} : { channels }),
        ...(cells === undefined ? {} : { cells }),
      })
      if (options.json) return printJson(description)
      writeOut(
        `${description.architecture}\n` +
          `${description.params} parameters, ${formatFlops(description.flops)} per image, ` +
          `${description.connected ? 'connected' : 'NOT connected'}, ${description.neighbours.length} neighbours\n` +
          `canonical (isomorphism): ${description.canonical.isomorphism}\n`,
      )
    })
}

/** The requested space, by name or configuration. */
function spaceSettings(name: string | undefined, { config, set }: SpaceCommandOptions): Config['space'] {
  if ((name === undefined) === (config === undefined)) {
    throw new ConfigError(`Name a search space (${searchSpaceNames.join(', ')}), or a configuration with --config.`)
  }
  if (config !== undefined) return loadConfig(config, set, printNote).space
  return spaceSchema.parse({ name: findSpaceName(name ?? '') })
}

/** The description of a whole space for a terminal. */
function countsText(name: string, { architectures, connected, canonical }: SpaceCounts): string {
  if (connected === null || canonical === null) {
    return `${name}: ${architectures} architectures, too many to count how many of them truly differ\n`
  }
  return (
    `${name}: ${architectures} architectures, ${connected} of them connect input and output;\n` +
    `${canonical.natsBench} are different by NATS-Bench's unique string, ${canonical.isomorphism} by isomorphism\n`
  )
}
