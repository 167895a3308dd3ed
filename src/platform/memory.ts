import os from 'node:os'

/** Memory that this process may use: that of the machine, or of its container where that has less. */
export function memoryLimitBytes(): number {
  const total = os.totalmem()
  // 0 or more than there is where nothing is limited.
  const constrained = process.constrainedMemory()
  return constrained > 0 && constrained < total ? constrained : total
}
