import { accessSync, constants } from 'node:fs'
import path from 'node:path'
import { type Browser, chromium } from 'playwright-core'

/** The browser of this machine: `FEAR_NAS_CHROMIUM`, or the first of these names on the PATH. */
const names = ['chromium', 'chromium-browser', 'google-chrome']

/** The path of Chromium, or null; then it prints why the tests are skipped. */
export function findChromium(tests: string): string | null {
  const folders = (process.env.PATH ?? '').split(path.delimiter)
  const named = process.env.FEAR_NAS_CHROMIUM
  const candidates = named ? [named] : names.flatMap((name) => folders.map((folder) => path.join(folder, name)))
  const found = candidates.find(isExecutable)
  if (found !== undefined) return found
  const reason = named ? `${named} is no program` : `none of ${names.join(', ')} is on the PATH`
  process.stdout.write(`skipped: ${tests}: ${reason}; FEAR_NAS_CHROMIUM names another browser\n`)
  return null
}

/** Starts it, with WebGL on the CPU where there is no graphics card. */
export function startChromium(executablePath: string): Promise<Browser> {
  // Its sandbox needs rights that containers and root do not have.
  return chromium.launch({ executablePath, args: ['--no-sandbox', '--enable-unsafe-swiftshader'] })
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK)
    return true
  } catch {
    return false
  }
}
