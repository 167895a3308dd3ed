import { spawnSync } from 'node:child_process'

/** An NVIDIA GPU as its driver describes it. */
export interface NvidiaCard {
  readonly name: string
  /** Such as `550.54.14`; null if the driver does not say. */
  readonly driver: string | null
  /** The newest CUDA that the driver runs, such as `12.4`; null if it does not say. */
  readonly cuda: string | null
  /** Compute capability, such as 9 for Hopper; null if the driver does not say. */
  readonly computeCapability: number | null
  /** Null if the driver does not say. */
  readonly memoryMiB: number | null
}

/** What came of asking for the cards. */
export interface NvidiaCards {
  readonly cards: readonly NvidiaCard[]
  /** Why nothing is known, where the driver's program is there and fails; else null. */
  readonly problem: string | null
}

/** A driver that hangs is given up. */
const limitMilliseconds = 20_000

/** All NVIDIA GPUs of the machine; none without a driver. */
export function nvidiaCards(): NvidiaCards {
  const query = ['--query-gpu=name,driver_version,compute_cap,memory.total', '--format=csv,noheader,nounits']
  const asked = spawnSync('nvidia-smi', query, { encoding: 'utf8', timeout: limitMilliseconds })
  if (asked.error !== undefined) {
    const { code } = asked.error as NodeJS.ErrnoException
    if (code === 'ENOENT') return { cards: [], problem: null }
    const reason =
      code === 'ETIMEDOUT' ? `does not answer within ${limitMilliseconds / 1000} s` : `cannot be run (${code})`
    return { cards: [], problem: `nvidia-smi ${reason}` }
  }
  if (asked.status !== 0) {
    const [first = ''] = `${asked.stdout}\n${asked.stderr}`.trim().split('\n')
    return { cards: [], problem: `nvidia-smi fails: ${first || `exit code ${asked.status}`}` }
  }
  const summary = spawnSync('nvidia-smi', [], { encoding: 'utf8', timeout: limitMilliseconds })
  return { cards: readCards(asked.stdout, summary.stdout ?? ''), problem: null }
}

/**
 * Reads what `nvidia-smi` prints.
 *
 * @param query a line for each card: name, driver, compute capability and MiB, separated by commas
 * @param summary what it prints without arguments, which has the version of CUDA
 */
export function readCards(query: string, summary: string): readonly NvidiaCard[] {
  const cuda = /CUDA Version\s*:\s*(\d+\.\d+)/.exec(summary)?.[1] ?? null
  return query
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => {
      const [name = '', driver = '', capability = '', memory = ''] = line.split(',').map((field) => field.trim())
      return {
        name,
        driver: /^\d/.test(driver) ? driver : null,
        cuda,
        computeCapability: numberIn(capability),
        memoryMiB: numberIn(memory),
      }
    })
}

/** Null for `[N/A]` and the like. */
const numberIn = (text: string): number | null => (/^\d+(\.\d+)?$/.test(text) ? Number(text) : null)
