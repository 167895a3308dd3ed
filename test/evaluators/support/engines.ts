import { chooseEngine } from '../../../src/engines/choose-engine.js'
import type { Engine } from '../../../src/engines/engine.js'

/** The native engine, or null, after saying which tests are skipped and why, where it does not load. */
export async function nativeEngine(tests: string): Promise<Engine | null> {
  try {
    return (await chooseEngine('native')).engine
  } catch (error) {
    process.stdout.write(`skipped: ${tests}: ${error instanceof Error ? error.message : String(error)}\n`)
    return null
  }
}
