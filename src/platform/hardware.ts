import { readFileSync } from 'node:fs'
import os from 'node:os'

/** The machine a run was measured on; written into every summary. */
export interface Hardware {
  readonly cpu: string
  readonly physicalCores: number
  readonly logicalCores: number
  readonly memoryBytes: number
  readonly platform: string
  readonly node: string
}

export function describeHardware(): Hardware {
  return {
    cpu: os.cpus()[0]?.model.trim() ?? 'unknown',
    physicalCores: physicalCores(),
    logicalCores: os.availableParallelism(),
    memoryBytes: os.totalmem(),
    platform: `${os.platform()}-${os.arch()}`,
    node: process.version,
  }
}

/**
 * Cores that do not share their arithmetic units, and that this process may use. Training fills a core's vector units,
 * so a second hyper-thread on it gains nothing. Where the system does not tell (other than Linux), logical cores.
 */
export function physicalCores(): number {
  const usable = os.availableParallelism()
  try {
    return Math.max(1, Math.min(usable, countLinuxCores(readFileSync('/proc/cpuinfo', 'utf8'))))
  } catch {
    return Math.max(1, usable)
  }
}

/** Distinct (socket, core) pairs in the text of /proc/cpuinfo; Infinity if it names none, as on most ARM machines. */
export function countLinuxCores(cpuinfo: string): number {
  const cores = new Set<string>()
  for (const processor of cpuinfo.split(/\n\s*\n/)) {
    const core = /^core id\s*:\s*(\d+)/m.exec(processor)?.[1]
    if (core !== undefined) cores.add(`${/^physical id\s*:\s*(\d+)/m.exec(processor)?.[1] ?? 0}/${core}`)
  }
  return cores.size === 0 ? Infinity : cores.size
}
