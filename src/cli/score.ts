import type { Command } from 'commander'
import { loadConfig, locatedError } from '../config/load-config.js'
import type { Config } from '../config/schema/config.js'
import { spaceSetup } from '../config/space-setup.js'
import type { Dataset } from '../datasets/dataset.js'
import { loadDataset } from '../datasets/load-dataset.js'
import { chooseEngine } from '../engines/choose-engine.js'
import type { Engine } from '../engines/engine.js'
import { firstBatch } from '../evaluators/zero-cost/first-batch.js'
import type { Measure } from '../evaluators/zero-cost/measure.js'
import { findMeasure, measureNames, measures } from '../evaluators/zero-cost/registry.js'
import { scoreArchitecture } from '../evaluators/zero-cost/score-architecture.js'
import { initialWeights } from '../networks/weights.js'
import { systemClock } from '../platform/clock.js'
import { createRng } from '../platform/rng.js'
import { renderScores, type ScoredArchitecture } from '../reports/score-table.js'
import { checkFit } from '../runs/check-data.js'
import { dataSeed } from '../search/trial.js'
import { createSearchSpace } from '../spaces/registry.js'
import type { Architecture, SearchSpace } from '../spaces/search-space.js'
import { collect, pathArgument, positiveInteger, printJson, printNote } from './options.js'
import { writeError, writeOut } from './output.js'

interface ScoreOptions {
  readonly config: string
  readonly measures?: string
  readonly batch: number
  readonly set: string[]
  readonly json?: true
}

export function addScoreCommand(program: Command): void {
  program
    .command('score')
    .description('score untrained architectures by zero-cost measures')
    .argument('<arch...>', 'architectures of the configured search space')
    .requiredOption(
      '--config <file>',
      'a YAML configuration, for data, space, augmentation, engine and seed',
      pathArgument,
    )
    .option('--measures <names>', `comma-separated list of ${measureNames.join(', ')} (default: all)`)
    .option('--batch <n>', 'training images per measure', positiveInteger, 256)
    .option('--set <path=value>', 'override a setting (repeatable)', collect, [])
    .option('--json', 'print JSON: an array with one object per architecture')
    .addHelpText(
      'after',
      `
Higher is better. A dash (null in JSON) means not a finite number, as for a network that ignores its input.

Measures:
${measures.map(({ name, description }) => `  ${name.padEnd(12)}${description}`).join('\n')}

Examples:
  fear-nas score '|nor_conv_3x3~0|+|none~0|skip_connect~1|+|none~0|none~1|skip_connect~2|' --config search-configs/quick.yaml
  fear-nas score "$A" "$B" --measures synflow,snip --config search-configs/quick.yaml --json`,
    )
    .action(async (architectures: string[], options: ScoreOptions) => {
      const chosen = options.measures?.split(',').map((name) => findMeasure(name.trim())) ?? measures
      const config = loadConfig(options.config, options.set, printNote)
      const space = createSearchSpace(config.space)
      const parsed = architectures.map((text) => space.parse(text))
      const dataset = await loadDataset(
        { ...config.data, seed: config.seed },
        { onWarning: (message) => writeError(`${message}\n`) },
      )
      const { engine } = await chooseEngine(config.engine, { tell: printNote })
      const { batch } = options
      checkFit([{ path: ['--batch'], batch, cut: null, cachesFeatures: false }], config, dataset, engine, (wrong) =>
        locatedError(options.config, options.set, wrong),
      )
      const scored = scoreAll(parsed, chosen, options.batch, { config, space, dataset, engine })
      if (options.json) printJson(scored)
      else writeOut(`${renderScores(scored)}\n`)
    })
}

interface Surroundings {
  readonly config: Config
  readonly space: SearchSpace
  readonly dataset: Dataset
  readonly engine: Engine
}

/** Initial weights of all architectures come from one random stream, as FEAR's authors fix one seed. */
function scoreAll(
  architectures: readonly Architecture[],
  chosen: readonly Measure[],
  count: number,
  { config, space, dataset, engine }: Surroundings,
): ScoredArchitecture[] {
  const { seed, training } = config
  const { macro } = spaceSetup(config.space, dataset)
  const batch = firstBatch(dataset, count, dataSeed(seed), training.augmentation)
  return architectures.map((architecture) => {
    const spec = space.network(architecture, macro)
    const weights = initialWeights(spec, createRng(seed, 'score', 'weights'))
    return { architecture, ...scoreArchitecture({ engine, spec, weights, batch }, chosen, systemClock) }
  })
}
