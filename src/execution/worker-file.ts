import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { FearNasError } from '../platform/errors.js'

/**
 * The JavaScript file that worker threads start from. Threads cannot run TypeScript, so when this module itself runs
 * from the sources, as under a test runner, it is the file that the last build made.
 *
 * @throws FearNasError if there was no build.
 */
export function workerFile(): string {
  const isSource = import.meta.url.endsWith('.ts')
  const file = fileURLToPath(
    new URL(isSource ? '../../dist/execution/worker-entry.js' : './worker-entry.js', import.meta.url),
  )
  if (!existsSync(file))
    throw new FearNasError(`The worker threads' program is missing: ${file}. Run "make build" first.`)
  return file
}
