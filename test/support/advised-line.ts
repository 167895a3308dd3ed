import { execFileSync } from 'node:child_process'
import { messageOf } from '../../src/platform/message-of.js'

/** A virtual environment with the packages may be named. */
const interpreter = process.env.FEAR_NAS_PYTHON ?? 'python3'

const found = new Map<string, boolean>()

/** Whether Python has the packages that a line imports; prints once what is not run without them. */
function hasPackages(modules: readonly string[]): boolean {
  const key = modules.join(', ')
  const known = found.get(key)
  if (known !== undefined) return known
  let isThere = true
  try {
    execFileSync(interpreter, ['-c', `import ${key}`], { stdio: 'pipe' })
  } catch (error) {
    isThere = false
    const [reason] = messageOf(error).trim().split('\n').reverse()
    process.stdout.write(
      `skipped: lines that import ${key}: ${interpreter} does not (${reason}); FEAR_NAS_PYTHON names another\n`,
    )
  }
  found.set(key, isThere)
  return isThere
}

/**
 * Runs the line for a shell that a message ends with.
 *
 * @returns false if it needs Python packages that are not here
 */
export function runAdvised(message: string): boolean {
  const line = /(?<=: )(python3 -c |mkdir -p |for s in |cd |gunzip |bunzip2 |unxz |unzip ).*$/.exec(message)?.[0]
  if (line === undefined) throw new Error(`no line to run in: ${message}`)
  const code = line.startsWith('python3') ? line : ''
  const modules = [...code.matchAll(/(?:import|from) ([\w.]+)(?: as \w+)?((?:,[\w.]+(?: as \w+)?)*)/g)].flatMap(
    ([, first = '', rest = '']) => [first, ...rest.split(',').filter((name) => name !== '')],
  )
  const packages = modules
    .map((name) => name.replace(/ as .*/, ''))
    .filter((name) => name !== 'Image' && name !== 'load_file')
  if (code !== '' && !hasPackages(packages)) return false
  const script = line.replace(/^python3/, `'${interpreter}'`)
  execFileSync('sh', ['-c', script], { stdio: 'pipe' })
  return true
}

/**
 * Changes the arrays of an `.npz` file by Python code on the dictionary `d` of its arrays.
 *
 * @returns false without NumPy here
 */
export function runNumpy(file: string, code: string): boolean {
  if (!hasPackages(['numpy'])) return false
  const script = `import sys,numpy as np; d=dict(np.load(sys.argv[1])); ${code}; np.savez(sys.argv[1],**d)`
  execFileSync(interpreter, ['-c', script, file], { stdio: 'pipe' })
  return true
}
