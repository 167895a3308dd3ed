import type { RunFacts } from '../results/summary.js'

/** What must be said of a run that went on with another instruction set or GPU on purpose; nothing of any other. */
export function mixedDevices({ devices = [], engine }: Pick<RunFacts, 'devices' | 'engine'>): readonly string[] {
  if (devices.length < 2) return []
  return [
    `This run mixes trials of ${engine.name} on ${devices.join(' and on ')}, which round differently: it went on with ` +
      '--allow-other-device.',
  ]
}
