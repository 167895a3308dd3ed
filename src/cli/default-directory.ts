import path from 'node:path'
import { systemClock } from '../platform/clock.js'

/**
 * `results/<config>-<time>`, such as `results/quick-20260131-154500`. Another run that starts in the same second may
 * use it: see `claimDirectory`.
 */
export function defaultDirectory(configFile: string): string {
  const time = systemClock.date().replaceAll(/[-:]/g, '').replace('T', '-').slice(0, 15)
  return path.join('results', `${path.basename(configFile, path.extname(configFile))}-${time}`)
}
