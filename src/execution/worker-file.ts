import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { FearNasError } from '../platform/errors.js'
import { repairAdvice } from '../platform/files.js'

/**
 * The JavaScript file that worker threads (`worker-entry.js`) or processes (`process-entry.js`) start from. They cannot
 * run TypeScript, so if this module runs from the sources, as under a test runner, this is the file of the last build.
 *
 * @throws FearNasError if there was no build.
 */
export function workerFile(name: 'worker-entry.js' | 'process-entry.js' = 'worker-entry.js'): string {
  const isSource = import.meta.url.endsWith('.ts')
  const file = fileURLToPath(new URL(isSource ? `../../dist/execution/${name}` : `./${name}`, import.meta.url))
  if (!existsSync(file)) throw new FearNasError(`The workers' program is missing: ${file}. ${repairAdvice()}`)
  return file
}
