import type { RunDirectory } from '../journal/run-directory.js'
import { decodeNetwork, encodeNetwork, type NetworkSurroundings } from '../models/network-file.js'
import type { NetworkStore } from '../studies/index.js'

/** The file in which a run keeps the best network of an arm. */
export function bestNetworkFile(arm: string): string {
  return `best-${arm}.bin`
}

/** Trained networks as files `trained-<arm>-<trial>.bin` of a run directory, until they have been measured. */
export function networkFiles(
  directory: Pick<RunDirectory, 'read' | 'write' | 'remove'>,
  surroundings: NetworkSurroundings,
): NetworkStore {
  const nameOf = (arm: string, trial: number): string => `trained-${arm}-${trial}.bin`
  return {
    put(arm, { weights, ...facts }) {
      if (weights === null) return
      directory.write(nameOf(arm, facts.trial), encodeNetwork(facts, surroundings, weights))
    },
    get(arm, trial) {
      const name = nameOf(arm, trial)
      const bytes = directory.read(name)
      return bytes && decodeNetwork(bytes, name).weights
    },
    remove: (arm, trial) => directory.remove(nameOf(arm, trial)),
  }
}
