import os from 'node:os'

/** Memory that this process may use: of the machine, or of its container if less. */
export function memoryLimitBytes(): number {
  const total = os.totalmem()
  // 0, or more than the machine has, if there is no limit.
  const constrained = process.constrainedMemory()
  return constrained > 0 && constrained < total ? constrained : total
}
