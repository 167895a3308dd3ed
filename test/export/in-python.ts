import { execFileSync } from 'node:child_process'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { conformanceNetworks } from '../../src/conformance/engine/networks.js'
import type { Engine } from '../../src/engines/engine.js'
import { checkExport, type ExportCheck } from '../../src/export/check-export.js'
import type { ExportFormat } from '../../src/export/export-format.js'
import { inputShape, type NetworkSpec } from '../../src/networks/network-spec.js'
import { messageOf } from '../../src/platform/message-of.js'
import { imagesOf, originalOf, portableOf } from './portable.js'

/** A virtual environment with the packages may be named. */
const python = process.env.FEAR_NAS_PYTHON ?? 'python3'

/** Whether Python has these modules. If not, prints why the tests are skipped. */
export function hasPython(modules: readonly string[], tests: string): boolean {
  try {
    execFileSync(python, ['-c', `import ${modules.join(', ')}`], { stdio: 'pipe' })
    return true
  } catch (error) {
    const [reason] = messageOf(error).trim().split('\n').reverse()
    process.stdout.write(
      `skipped: ${tests}: ${python} cannot import ${modules.join(', ')} (${reason}); FEAR_NAS_PYTHON names another\n`,
    )
    return false
  }
}

/**
 * Exports networks, by default those of the conformance suite, lets a Python program predict from the files, and compares.
 *
 * @param program a file of `programs/`
 */
export async function checkInPython(
  format: ExportFormat,
  program: string,
  folder: string,
  engine: Engine,
  networks: readonly NetworkSpec[] = [...conformanceNetworks.values()],
): Promise<readonly ExportCheck[]> {
  const cases = networks.map((spec, i) => {
    const network = portableOf(spec)
    const images = imagesOf(spec)
    const { channels, height, width } = inputShape(spec)
    const shape = `${channels} ${height} ${width}`
    const own = path.join(folder, String(i))
    mkdirSync(own)
    for (const [name, bytes] of Object.entries({
      ...format.files(network),
      'images.bin': images.pixels,
      'shape.txt': shape,
    })) {
      writeFileSync(path.join(own, name), bytes)
    }
    return { network, images, own }
  })
  const script = path.join('test', 'export', 'programs', program)
  execFileSync(python, [script, ...cases.map(({ own }) => own)], { stdio: 'pipe' })
  const checks: ExportCheck[] = []
  for (const { images, network, own } of cases) {
    const floats = (name: string): Float32Array =>
      new Float32Array(Uint8Array.from(readFileSync(path.join(own, name))).buffer)
    // The program has predicted all images at once; the check asks for them in one batch.
    const predict = () => ({ logits: floats('logits.bin'), probabilities: floats('probabilities.bin') })
    const opened = { checkedBy: program, unchecked: null, predict }
    checks.push(await checkExport(opened, originalOf(network, engine), images))
  }
  return checks
}
