/** Limits of a download. */
export interface DownloadLimits {
  /** Seconds before each retry. A try that brought enough bytes (`enoughBytes`) resets the sequence. */
  readonly pauses: readonly number[]
  /** Seconds within which a server must answer, and over which its speed is measured. */
  readonly windowSeconds: number
  /** Minimum bytes per second; a slower connection is dropped. */
  readonly bytesPerSecond: number
}

export const defaultLimits: DownloadLimits = { pauses: [1, 5, 15], windowSeconds: 60, bytesPerSecond: 5000 }

/**
 * New bytes for a try to count as progress; otherwise a server that sends one byte per connection would be retried
 * forever.
 */
export function enoughBytes(fileBytes: number): number {
  return Math.max(1, Math.min(2 ** 20, Math.ceil(fileBytes / 20)))
}
