import { ConfigError } from '../platform/errors.js'
import { PartValue } from '../platform/parts/part-value.js'
import type { EvaluationTask, WorkerSetup } from './executor.js'

/**
 * Checks that a worker thread or process can be sent this. A part that was passed as a value exists in the driver's thread
 * alone.
 *
 * @throws ConfigError if there is such a part in it, naming the part.
 */
export function checkSendable(sent: WorkerSetup | EvaluationTask): void {
  for (const [kind, value] of Object.entries(sent)) {
    const part = findPart(value)
    if (part === null) continue
    throw new ConfigError(
      `The ${kind} "${part.name}" was passed as a value and cannot be sent to a worker thread or process. ` +
        'Use isolation: none with one worker, or name its module.',
    )
  }
}

function findPart(value: unknown): PartValue<unknown> | null {
  if (value instanceof PartValue) return value
  if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value)) return null
  for (const inner of Object.values(value)) {
    const part = findPart(inner)
    if (part !== null) return part
  }
  return null
}
