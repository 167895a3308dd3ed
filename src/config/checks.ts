import { checkFearOptions } from '../evaluators/fear/check-options.js'
import { createSearchSpace } from '../spaces/registry.js'
import { type Complaint, dotted } from './issues.js'
import type { Config } from './schema.js'

/** What no single setting shows: settings that contradict each other. Empty when all is well. */
export function checkConfig(config: Config): readonly Complaint[] {
  return [...checkSize(config), ...checkPath(config), ...checkEvaluator(config)]
}

function checkSize({ data }: Config): readonly Complaint[] {
  if (data.size === null || data.size % 4 === 0) return []
  const next = 4 * Math.ceil(data.size / 4)
  return [
    {
      path: ['data', 'size'],
      sentence: `data.size must be a multiple of 4 (two reductions halve it), got ${data.size}. Try ${next}.`,
    },
  ]
}

function checkPath({ data }: Config): readonly Complaint[] {
  if (data.name !== 'cifar10' || data.path !== undefined) return []
  return [
    {
      path: ['data', 'name'],
      sentence:
        'data.name cifar10 needs data.path: the archive cifar-10-binary.tar.gz, or the folder unpacked from it.',
    },
  ]
}

function checkEvaluator({ evaluator, space, training }: Config): readonly Complaint[] {
  if (evaluator.name !== 'fear') return []
  return checkFearOptions(evaluator, training, cutNames(space)).map(({ path: within, message }) => {
    const path = ['evaluator', ...within]
    return { path, sentence: `${dotted(path)} ${message}.` }
  })
}

/** The places where networks of the space may be frozen: the same for all of them, whatever the images. */
function cutNames({ name, channels, cells }: Config['space']): readonly string[] {
  const space = createSearchSpace(name)
  const macro = { channels, cells, input: { channels: 1, height: 32, width: 32 }, classes: 2 }
  return space.network(space.at(0), macro).cuts.map((cut) => cut.name)
}
