// What building native/ for Node and for WebAssembly have in common.
import { spawn, spawnSync } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

export const root = fileURLToPath(new URL('..', import.meta.url))
export const sourceFolder = join(root, 'native')
export const kernelSource = join(sourceFolder, 'kernels', 'kernels.cpp')

// Not -ffast-math: a network that diverges must say so with NaN.
export const commonFlags = ['-std=c++20', '-O3', '-fvisibility=hidden', '-Wall', '-Wextra']
/** For the kernels only. */
export const kernelFlags = ['-ffp-contract=fast', '-fno-math-errno', '-fno-trapping-math']

/** Something that the user can put right, or do without. */
export class BuildError extends Error {}

/** The first compiler of `candidates` that answers, with its version. A candidate may carry arguments: `ccache g++`. */
export function findCompiler(candidates) {
  for (const command of candidates) {
    const [program, ...args] = command.split(/\s+/).filter((part) => part !== '')
    const answer = spawnSync(program, [...args, '--version'], { encoding: 'utf8' })
    if (answer.status === 0) return { program, args, version: answer.stdout.split('\n')[0] }
  }
  throw new BuildError(`no C++ compiler found (tried ${candidates.join(', ')})`)
}

/** C++ sources and headers below a folder, sorted. */
export function filesBelow(folder) {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.(cpp|h)$/.test(entry.name))
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name))
    .sort()
}

export function run(compiler, args) {
  return new Promise((resolve, reject) => {
    const child = spawn(compiler.program, [...compiler.args, ...args], { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] })
    let output = ''
    child.stdout.on('data', (data) => (output += data))
    child.stderr.on('data', (data) => (output += data))
    child.on('error', (error) => reject(new BuildError(error.message)))
    child.on('close', (code) => {
      if (code === 0) resolve(output)
      else reject(new BuildError(`${compiler.program} failed:\n${output.trim()}`))
    })
  })
}

/** Compiles each of `{ source, object, flags }`, two at a time. */
export async function compileAll(compiler, jobs) {
  const waiting = [...jobs]
  const worker = async () => {
    for (let job = waiting.shift(); job !== undefined; job = waiting.shift()) {
      const warnings = await run(compiler, [...job.flags, '-c', job.source, '-o', job.object])
      if (warnings !== '') process.stderr.write(warnings)
    }
  }
  await Promise.all(Array.from({ length: Math.min(2, availableParallelism()) }, worker))
}
