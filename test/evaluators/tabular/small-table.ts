import { writeFileSync } from 'node:fs'
import path from 'node:path'
import { type AccuracyTable, readAccuracyTable } from '../../../src/evaluators/tabular/accuracy-table.js'
import { natsTss } from '../../../src/spaces/nats-tss/index.js'
import { temporaryFolder } from '../../support/temporary-folder.js'

const folder = temporaryFolder('table')
let files = 0

/** Writes a CSV file and gives its path. */
export function writeTable(text: string): string {
  const file = path.join(folder, `table-${files++}.csv`)
  writeFileSync(file, text)
  return file
}

export function readTable(text: string): AccuracyTable {
  return readAccuracyTable(writeTable(text), { space: natsTss, partial: true })
}

/** A table of the first architectures of nats-tss: `{ column: one value for each }`. */
export function tableText(columns: Readonly<Record<string, readonly number[]>>): string {
  const rows = Object.values(columns)[0]?.map((_, i) =>
    [natsTss.at(i), ...Object.values(columns).map((values) => values[i])].join(','),
  )
  return `${[`arch,${Object.keys(columns).join(',')}`, ...(rows ?? [])].join('\n')}\n`
}
