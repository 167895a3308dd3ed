import type { WorkerSetup } from '../execution/executor.js'
import type { NetworkSurroundings } from '../models/network-file.js'

/** What the networks of a run stand in. */
export function surroundingsOf({ dataset, space }: Pick<WorkerSetup, 'dataset' | 'space'>): NetworkSurroundings {
  const { classNames, normalisation } = dataset
  return { space, classNames, normalisation }
}
