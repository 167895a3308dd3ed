import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, expect, onTestFinished } from 'vitest'

/**
 * An empty folder. Called within a test, or before each, it is removed after the test; called where tests are declared,
 * after the last of them.
 */
export function temporaryFolder(label: string, parent = tmpdir()): string {
  const folder = mkdtempSync(path.join(parent, `fear-nas-${label}-`))
  const remove = (): void => rmSync(folder, { recursive: true, force: true })
  if (expect.getState().currentTestName === undefined) afterAll(remove, 60_000)
  else onTestFinished(remove, 60_000)
  return folder
}
