import os from 'node:os'

/** Memory that this process may use: that of the machine, or of its container where that has less. */
export function memoryLimitBytes(): number {
  const total = os.totalmem()
  // 0 or more than there is where nothing is limited.
  const constrained = process.constrainedMemory()
  return constrained > 0 && constrained < total ? constrained : total
}

/** `62.9 GB`, `41 MB`. */
export function memoryText(bytes: number): string {
  const gigabytes = bytes / 1e9
  if (gigabytes >= 1000) return `${Math.round(gigabytes).toLocaleString('en-US')} GB`
  return gigabytes >= 1 ? `${gigabytes.toFixed(1)} GB` : `${Math.ceil(bytes / 1e6)} MB`
}
