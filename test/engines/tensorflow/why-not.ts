import { loadTensorflowEngine } from '../../../src/engines/tfjs/tensorflow-engine.js'

/** Whether tests on libtensorflow must be skipped; prints why. */
export async function cannotLoad(tests: string): Promise<boolean> {
  try {
    await loadTensorflowEngine()
    return false
  } catch (error) {
    process.stdout.write(`skipped: ${tests}: ${error instanceof Error ? error.message : error}\n`)
    return true
  }
}
