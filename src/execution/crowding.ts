import type { EngineInfo } from '../engines/engine.js'
import { counted } from '../platform/count.js'
import { physicalCores } from '../platform/hardware.js'

/** A warning if there are more workers than cores; otherwise null. Workers on a GPU do not compete for cores. */
export function crowdingWarning(
  wanted: number | 'auto',
  { gpu, maxThreads }: Pick<EngineInfo, 'gpu' | 'maxThreads'>,
  cores: number = physicalCores(),
): string | null {
  const workers = wanted === 'auto' ? cores : Math.min(wanted, maxThreads)
  if (gpu || workers <= cores) return null
  return (
    `${workers} workers share ${counted(cores, 'physical core')}: trials take longer, and no more of them ` +
    `finish in an hour than with ${cores}. Set workers to ${cores}, or to auto.`
  )
}
