/** What a download may cost before it is given up. */
export interface DownloadLimits {
  /** Seconds before each further try. A try that brought enough bytes (`enoughBytes`) starts the row anew. */
  readonly pauses: readonly number[]
  /** A server must answer within so many seconds, and its speed is taken over as many. */
  readonly windowSeconds: number
  /** A connection that brings fewer is given up. */
  readonly bytesPerSecond: number
}

export const defaultLimits: DownloadLimits = { pauses: [1, 5, 15], windowSeconds: 60, bytesPerSecond: 5000 }

/** New bytes after which a download counts as going on: else a server that sends one byte a connection is asked for ever. */
export function enoughBytes(fileBytes: number): number {
  return Math.max(1, Math.min(2 ** 20, Math.ceil(fileBytes / 20)))
}
