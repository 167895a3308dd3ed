import { spawnSync } from 'node:child_process'
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
 * Physical cores that this process may use. Training fills a core's vector units, so a second hyper-thread gains
 * nothing. Logical cores on systems other than Linux.
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

/** A GPU that this process may use. */
export interface Gpu {
  /** Its name in `CUDA_VISIBLE_DEVICES`: an index or a UUID. */
  readonly id: string
  /** Such as `NVIDIA H100 80GB HBM3`. */
  readonly name: string
}

/** The NVIDIA GPUs that this process may use by `CUDA_VISIBLE_DEVICES`; all if it is not set. */
export function visibleGpus(environment: Readonly<Record<string, string | undefined>>): readonly Gpu[] {
  return selectGpus(listGpus(), environment.CUDA_VISIBLE_DEVICES)
}

/** Empty without a driver; takes up to a second with one. */
function listGpus(): string {
  const { status, stdout } = spawnSync('nvidia-smi', ['--list-gpus'], { encoding: 'utf8', timeout: 20_000 })
  return status === 0 ? stdout : ''
}

/**
 * The GPUs in the output of `nvidia-smi --list-gpus` that a value of `CUDA_VISIBLE_DEVICES` selects. As in CUDA,
 * entries count up to the first one that is not a GPU.
 */
export function selectGpus(list: string, selection: string | undefined): readonly Gpu[] {
  const all = [...list.matchAll(/^GPU (\d+): (.+?) \(UUID: (.+)\)$/gm)].map(([, index = '', name = '', uuid = '']) => ({
    index,
    name,
    uuid,
  }))
  if (selection === undefined) return all.map(({ index, name }) => ({ id: index, name }))
  const selected: Gpu[] = []
  for (const id of selection.split(',').map((entry) => entry.trim())) {
    const gpu = all.find(({ index, uuid }) => index === id || (id.startsWith('GPU-') && uuid.startsWith(id)))
    // A slice of a GPU (MIG) is usable but not listed separately.
    if (gpu === undefined && !id.startsWith('MIG-')) break
    selected.push({ id, name: gpu?.name ?? 'part of a GPU' })
  }
  return selected
}
