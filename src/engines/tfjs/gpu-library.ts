import type { NvidiaCard } from '../../platform/nvidia.js'

/** Which of TensorFlow's libraries runs on a card. */
export type GpuLibrary =
  /** That of @tensorflow/tfjs-node-gpu: CUDA 11.2 and cuDNN 8.1. */
  | 'package'
  /** That of the wheel of TensorFlow for Python: CUDA 12. */
  | 'wheel'
  /** None, with this driver. */
  | 'none'

export interface LibraryChoice {
  readonly library: GpuLibrary
  /** A sentence. */
  readonly reason: string
}

/**
 * The first compute capability that CUDA 11.2 does not know. It has code for 8.0 and 8.6, which runs on 8.9 too (same
 * major version); cuBLAS and cuDNN of that time have none for Hopper (9.0) and Blackwell (10.0, 12.0).
 */
const firstUnknown = 9
/** The oldest drivers that run CUDA 11 and 12 on Linux, by NVIDIA's table of CUDA compatibility. */
const oldestDriver = { package: '450.80.02', wheel: '525.60.13' } as const

/** The library for a card with its driver. */
export function libraryFor({ computeCapability, driver }: NvidiaCard): LibraryChoice {
  const isNew = computeCapability !== null && computeCapability >= firstUnknown
  const library = isNew ? 'wheel' : 'package'
  const needed = oldestDriver[library]
  const versions = library === 'wheel' ? 'CUDA 12' : 'CUDA 11.2'
  if (driver !== null && isOlder(driver, needed)) {
    return {
      library: 'none',
      reason: `The card needs ${versions}, and its driver ${driver} is older than ${needed}. Install a newer driver.`,
    }
  }
  return isNew
    ? {
        library,
        reason: `The card needs CUDA 12, as in TensorFlow's wheel for Python; @tensorflow/tfjs-node-gpu 4.22 has CUDA 11.2.`,
      }
    : { library, reason: 'The CUDA 11.2 of @tensorflow/tfjs-node-gpu 4.22 knows the card.' }
}

/** Compares `525.60.13` with `525.105`, part by part. */
function isOlder(version: string, than: string): boolean {
  const [a, b] = [version, than].map((text) => text.split('.').map(Number)) as [number[], number[]]
  for (const [i, part] of b.entries()) {
    const difference = (a[i] ?? 0) - part
    if (difference !== 0) return difference < 0
  }
  return false
}
