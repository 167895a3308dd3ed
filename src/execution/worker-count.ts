import type { EngineInfo } from '../engines/engine.js'
import { physicalCores, visibleGpus } from '../platform/hardware.js'

/**
 * How many workers a run has. `auto`: one for each physical core, or for each GPU where the engine uses them.
 * Never more than the engine can have.
 *
 * @param gpus the number that this process may use; called only if the engine uses GPUs.
 */
export function workerCount(
  wanted: number | 'auto',
  { gpu, maxThreads }: Pick<EngineInfo, 'gpu' | 'maxThreads'>,
  gpus: () => number = () => visibleGpus(process.env).length,
): number {
  const automatic = (): number => (gpu ? Math.max(1, gpus()) : physicalCores())
  return Math.min(wanted === 'auto' ? automatic() : wanted, maxThreads)
}
