import { existsSync } from 'node:fs'
import { journalPath } from '../journal/run-directory.js'
import { resumeCommand } from '../platform/shell.js'
import { formatScore } from '../reports/format.js'
import type { Progress, SearchEvent } from '../search/search-event.js'

/** The last lines of a stopped run: its progress, and the command to continue. */
export class LastWords {
  readonly #directory: () => string
  readonly #leaders = new Map<string, NonNullable<Progress['best']>>()

  /** @param directory the run directory, once it is known. */
  constructor(directory: () => string) {
    this.#directory = directory
  }

  update(event: SearchEvent): void {
    if (event.kind !== 'trial-finished') return
    const { best } = event.progress
    if (best !== null) this.#leaders.set(event.arm, best)
  }

  text(): string {
    return `${this.#bestSoFar()}\n${this.#wayOn()}`
  }

  /** A line for each arm. */
  #bestSoFar(): string {
    if (this.#leaders.size === 0) return 'best so far: no trial of this session has a score yet'
    const lines = [...this.#leaders].map(
      ([arm, { trial, architecture, score }]) =>
        `best so far (${arm}): score ${formatScore(score)}, trial ${trial}  ${architecture}`,
    )
    return lines.join('\n')
  }

  #wayOn(): string {
    // A run that is stopped while its data set is read has no directory yet.
    const directory = this.#directory()
    return existsSync(journalPath(directory))
      ? `go on with: ${resumeCommand(directory)}`
      : 'nothing was begun: give the same command again'
  }
}
