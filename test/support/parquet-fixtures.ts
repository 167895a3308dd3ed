import { readFileSync } from 'node:fs'
import path from 'node:path'

/** By pyarrow, which is not at hand everywhere: test/datasets/fixtures/make-parquet.py. */
const files = JSON.parse(
  readFileSync(path.join(import.meta.dirname, '../datasets/fixtures/parquet.json'), 'utf8'),
) as Readonly<Record<string, string>>

export const parquetFixtures = Object.keys(files)

/** The bytes of a Parquet file. */
export function parquetFixture(name: string): Buffer {
  return Buffer.from(files[name] ?? '', 'base64')
}
