import type { RunFacts } from '../results/summary.js'

/** A note for a run that was resumed on another instruction set or GPU; empty for other runs. */
export function mixedDevices({ devices = [], engine }: Pick<RunFacts, 'devices' | 'engine'>): readonly string[] {
  if (devices.length < 2) return []
  return [
    `This run mixes trials of ${engine.name} on ${devices.join(' and on ')}, which round differently: this was ` +
      'allowed when it was resumed.',
  ]
}
