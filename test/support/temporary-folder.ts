import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll } from 'vitest'

/** An empty folder that is there until the tests of the file end. */
export function temporaryFolder(label: string): string {
  const folder = mkdtempSync(path.join(tmpdir(), `fear-nas-${label}-`))
  afterAll(() => rmSync(folder, { recursive: true, force: true }), 60_000)
  return folder
}
