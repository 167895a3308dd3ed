import type { Complaint } from './issues.js'
import type { Config } from './schema.js'

/** What no single setting shows: settings that contradict each other. Empty when all is well. */
export function checkConfig(config: Config): readonly Complaint[] {
  return [...checkSize(config), ...checkPath(config)]
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
