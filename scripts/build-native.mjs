// Compiles native/ into build/native/fear_nas.node with nothing but Node, a C++20 compiler and node-api-headers.
//
//   node scripts/build-native.mjs              fails if the addon cannot be built
//   node scripts/build-native.mjs --optional   warns instead: what `npm install` runs
//
// $CXX chooses the compiler; else c++, g++ and clang++ are tried in that order. A build whose sources, flags and compiler
// have not changed is skipped.
import { spawn, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { availableParallelism } from 'node:os'
import { basename, dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const sourceFolder = join(root, 'native')
const buildFolder = join(root, 'build', 'native')
const addon = join(buildFolder, 'fear_nas.node')
const stampFile = join(buildFolder, 'fear_nas.stamp')
const isX64 = process.arch === 'x64'

// Not -ffast-math: a network that diverges must say so with NaN.
const commonFlags = ['-std=c++20', '-O3', '-fPIC', '-fvisibility=hidden', '-Wall', '-Wextra']
const kernelFlags = ['-ffp-contract=fast', '-fno-math-errno', '-fno-trapping-math']
// This pass of GCC carries loads over iterations at the price of the registers that the accumulators need.
const gccKernelFlags = ['-fno-predictive-commoning']

/** The instruction sets that kernels are compiled for; the addon chooses among them when it is loaded. */
const instructionSets = [
  { name: 'generic', flags: [] },
  ...(isX64
    ? [
        { name: 'avx2', flags: ['-mavx2', '-mfma'] },
        { name: 'avx512', flags: ['-mavx512f', '-mavx2', '-mfma', '-mprefer-vector-width=512'] },
      ]
    : []),
]

class BuildError extends Error {}

/** The first compiler that answers, with its version. */
function findCompiler() {
  const candidates = process.env.CXX ? [process.env.CXX] : ['c++', 'g++', 'clang++']
  for (const command of candidates) {
    // $CXX may carry arguments, as in `ccache g++`.
    const [program, ...args] = command.split(/\s+/).filter((part) => part !== '')
    const answer = spawnSync(program, [...args, '--version'], { encoding: 'utf8' })
    if (answer.status === 0) return { program, args, version: answer.stdout.split('\n')[0] }
  }
  throw new BuildError(`no C++ compiler found (tried ${candidates.join(', ')})`)
}

function nodeHeaders() {
  try {
    return createRequire(import.meta.url)('node-api-headers').include_dir
  } catch {
    throw new BuildError('the package node-api-headers is missing: run npm install')
  }
}

function filesBelow(folder) {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.(cpp|h)$/.test(entry.name))
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name))
    .sort()
}

/** One compilation per source, and one per instruction set for the kernels. */
function compilations(compiler) {
  const isGcc = !/clang/i.test(compiler.version)
  const common = [...commonFlags, ...(isX64 ? ['-DFEAR_X64'] : []), `-I${nodeHeaders()}`]
  const kernels = join(sourceFolder, 'kernels', 'kernels.cpp')
  const others = filesBelow(sourceFolder).filter((file) => file.endsWith('.cpp') && file !== kernels)
  return [
    ...instructionSets.map(({ name, flags }) => ({
      source: kernels,
      object: join(buildFolder, `kernels-${name}.o`),
      flags: [...common, ...kernelFlags, ...(isGcc ? gccKernelFlags : []), ...flags, `-DFEAR_ISA=${name}`],
    })),
    ...others.map((source) => ({
      source,
      object: join(buildFolder, `${basename(dirname(source))}-${basename(source, '.cpp')}.o`),
      flags: common,
    })),
  ]
}

/** Changes whenever the addon would. */
function stampOf(compiler, jobs) {
  const hash = createHash('sha256')
  hash.update(JSON.stringify([compiler, jobs.map(({ flags }) => flags), process.platform, process.arch]))
  for (const file of filesBelow(sourceFolder)) hash.update(relative(root, file)).update(readFileSync(file))
  return hash.digest('hex')
}

function run(compiler, args) {
  return new Promise((resolve, reject) => {
    const child = spawn(compiler.program, [...compiler.args, ...args], { stdio: ['ignore', 'pipe', 'pipe'] })
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

async function compileAll(compiler, jobs) {
  const waiting = [...jobs]
  const worker = async () => {
    for (let job = waiting.shift(); job !== undefined; job = waiting.shift()) {
      const warnings = await run(compiler, [...job.flags, '-c', job.source, '-o', job.object])
      if (warnings !== '') process.stderr.write(warnings)
    }
  }
  await Promise.all(Array.from({ length: Math.min(2, availableParallelism()) }, worker))
}

async function build() {
  const compiler = findCompiler()
  const jobs = compilations(compiler)
  const stamp = stampOf(compiler, jobs)
  if (existsSync(addon) && existsSync(stampFile) && readFileSync(stampFile, 'utf8') === stamp) {
    console.log('native engine: up to date')
    return
  }
  const start = process.hrtime.bigint()
  console.log(`native engine: compiling with ${compiler.version} ...`)
  mkdirSync(buildFolder, { recursive: true })
  rmSync(stampFile, { force: true })
  await compileAll(compiler, jobs)
  const shared = process.platform === 'darwin' ? ['-bundle', '-undefined', 'dynamic_lookup'] : ['-shared', '-s']
  // Linked beside and moved into place, since a running process may have the old one mapped.
  const fresh = `${addon}.new`
  await run(compiler, [...shared, ...jobs.map(({ object }) => object), '-o', fresh])
  renameSync(fresh, addon)
  writeFileSync(stampFile, stamp)
  const seconds = Number(process.hrtime.bigint() - start) / 1e9
  console.log(`native engine: built ${relative(root, addon)} in ${seconds.toFixed(1)} s`)
}

const isOptional = process.argv.includes('--optional')
try {
  await build()
} catch (error) {
  if (!(error instanceof BuildError)) throw error
  console.error(`native engine: not built: ${error.message}`)
  console.error(
    'Without it fear-nas falls back to the tfjs engine in plain JavaScript, some 200 times slower: good for trying things' +
      ' out, not for a search.\nTo fix it, install a C++20 compiler (Debian, Ubuntu: apt install g++; macOS:' +
      ' xcode-select --install; or set CXX) and run: make build',
  )
  process.exitCode = isOptional ? 0 : 1
}
