import { writeFileSync } from 'node:fs'
import path from 'node:path'
import { expect } from 'vitest'
import { temporaryFolder } from '../support/temporary-folder.js'
import { type CliResult, runCli, trialTable } from './run-cli.js'

const config = `data: { name: fashion-mnist, train: 200, validation: 60, test: 100, size: 8 }
space: { channels: 4, cells: 1 }
training: { epochs: 3, batch: 32 }
evaluator: { name: fear, threshold: 0.45, ratio: 1.5, cost: work, maxEpochs: 3, stage2: { epochs: 1, batch: 32 } }
budget: { trials: 6 }
finalists: 2
seed: 3
`

/** Whole searches on real images, a second each, in a folder of their own. */
export class TinySearches {
  readonly folder: string
  readonly configFile: string

  constructor() {
    this.folder = temporaryFolder('tiny')
    this.configFile = path.join(this.folder, 'tiny.yaml')
    writeFileSync(this.configFile, config)
  }

  /** The path of a run directory. */
  out(name: string): string {
    return path.join(this.folder, name)
  }

  run(directory: string, workers = 2): Promise<CliResult> {
    return runCli(['search', this.configFile, '--workers', String(workers), '--out', directory])
  }

  /** The trial table of a run that nobody disturbed. */
  async uninterrupted(): Promise<readonly unknown[]> {
    expect(await this.run(this.out('whole'))).toMatchObject({ exitCode: 0 })
    const table = trialTable(this.out('whole'))
    expect(table).toHaveLength(6 + 2)
    return table
  }

  /** A run that was killed with -9 in the middle of its trials. */
  async killed(name: string): Promise<string> {
    const directory = this.out(name)
    const args = ['search', this.configFile, '--workers', '1', '--out', directory]
    await runCli(args, { signal: 'SIGKILL', when: 'fear 3/6' })
    expect(trialTable(directory).length).toBeLessThan(6 + 2)
    return directory
  }
}

export function journalOf(directory: string): string {
  return path.join(directory, 'journal.jsonl')
}

/** Ended with one line and no stack. */
export function expectOneLine({ stderr }: CliResult, message: string): void {
  expect(stderr).toContain(message)
  expect(stderr.trim().split('\n')).toHaveLength(1)
}
