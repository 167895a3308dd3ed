// Compiles native/ into build/native/fear_nas.node with nothing but Node, a C++20 compiler and node-api-headers.
//
//   node scripts/build-native.mjs                  fails if the addon cannot be built
//   node scripts/build-native.mjs --optional       warns instead: the install script of the package
//   node scripts/build-native.mjs --into FOLDER    builds in another folder: what fear-nas runs at its first start
//   node scripts/build-native.mjs --keep-objects   leaves the object files beside the addon
//
// $CXX chooses the compiler; else c++, g++ and clang++ are tried in that order. A build whose sources, flags and compiler
// have not changed is skipped, if the addon is still the one that it made. Everything is made in a temporary folder, which
// is then renamed: other processes see the whole build or nothing of it, and several may build at the same time.
import { createHash, randomUUID } from 'node:crypto'
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { basename, dirname, join, relative, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import {
  BuildError,
  commonFlags,
  compileAll,
  filesBelow,
  findCompiler,
  kernelFlags,
  kernelSource,
  root,
  run,
  sourceFolder,
} from './compile-cpp.mjs'

const { values: options } = parseArgs({
  options: { optional: { type: 'boolean' }, into: { type: 'string' }, 'keep-objects': { type: 'boolean' } },
})
const buildFolder = resolve(options.into ?? join(root, 'build', 'native'))
const addonName = 'fear_nas.node'
/** What the addon was made of, and its own hash: it is loaded only if that fits. */
const stampName = 'fear_nas.stamp'
/** A temporary folder of this age was left by a build that was killed. */
const staleMilliseconds = 3_600_000
const isX64 = process.arch === 'x64'

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

function nodeHeaders() {
  try {
    return createRequire(import.meta.url)('node-api-headers').include_dir
  } catch {
    throw new BuildError('the package node-api-headers is missing: run npm install')
  }
}

/** What the addon is made of: all but the surface for WebAssembly. */
function sources() {
  const wasm = join(sourceFolder, 'wasm')
  return filesBelow(sourceFolder).filter((file) => dirname(file) !== wasm)
}

/** One compilation per source, and one per instruction set for the kernels. */
function compilations(compiler, folder) {
  const isGcc = !/clang/i.test(compiler.version)
  const common = [...commonFlags, '-fPIC', ...(isX64 ? ['-DFEAR_X64'] : []), `-I${nodeHeaders()}`]
  const others = sources().filter((file) => file.endsWith('.cpp') && file !== kernelSource)
  return [
    ...instructionSets.map(({ name, flags }) => ({
      source: kernelSource,
      object: join(folder, `kernels-${name}.o`),
      flags: [...common, ...kernelFlags, ...(isGcc ? gccKernelFlags : []), ...flags, `-DFEAR_ISA=${name}`],
    })),
    ...others.map((source) => ({
      source,
      object: join(folder, `${basename(dirname(source))}-${basename(source, '.cpp')}.o`),
      flags: common,
    })),
  ]
}

/** Changes whenever the addon would. */
function sourcesHash(compiler, jobs) {
  const hash = createHash('sha256')
  hash.update(JSON.stringify([compiler, jobs.map(({ flags }) => flags), process.platform, process.arch]))
  for (const file of sources()) hash.update(relative(root, file)).update(readFileSync(file))
  return hash.digest('hex')
}

/** Whether the addon is the one that was made of these sources, or of any. */
function isUpToDate(sourcesSha256) {
  try {
    const stamp = JSON.parse(readFileSync(join(buildFolder, stampName), 'utf8'))
    const isWhole = stamp.addonSha256 === addonHash(join(buildFolder, addonName))
    return isWhole && (sourcesSha256 === undefined || stamp.sourcesSha256 === sourcesSha256)
  } catch {
    return false
  }
}

function addonHash(file) {
  return createHash('sha256').update(readFileSync(file)).digest('hex')
}

async function build() {
  const compiler = findCompiler(process.env.CXX ? [process.env.CXX] : ['c++', 'g++', 'clang++'])
  const sourcesSha256 = sourcesHash(compiler, compilations(compiler, ''))
  if (isUpToDate(sourcesSha256)) {
    console.log('native engine: up to date')
    return
  }
  const start = process.hrtime.bigint()
  console.log(`native engine: compiling with ${compiler.version} ...`)
  mkdirSync(dirname(buildFolder), { recursive: true })
  removeLeftovers()
  const folder = `${buildFolder}.tmp-${randomUUID()}`
  mkdirSync(folder)
  try {
    const jobs = compilations(compiler, folder)
    await compileAll(compiler, jobs)
    const objects = jobs.map(({ object }) => object)
    const shared = process.platform === 'darwin' ? ['-bundle', '-undefined', 'dynamic_lookup'] : ['-shared', '-s']
    const addon = join(folder, addonName)
    await run(compiler, [...shared, ...objects, '-o', addon])
    writeFileSync(join(folder, stampName), `${JSON.stringify({ sourcesSha256, addonSha256: addonHash(addon) })}\n`)
    if (!options['keep-objects']) for (const object of objects) rmSync(object)
    moveIntoPlace(folder)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
  const seconds = Number(process.hrtime.bigint() - start) / 1e9
  console.log(`native engine: built ${join(buildFolder, addonName)} in ${seconds.toFixed(1)} s`)
}

/** A running process may have the old addon mapped: it is renamed, never written to. */
function moveIntoPlace(folder) {
  const old = `${folder}-old`
  try {
    renameSync(buildFolder, old)
  } catch (error) {
    if (error.code !== 'ENOENT') throw error
  }
  try {
    renameSync(folder, buildFolder)
  } catch (error) {
    // Another process has just put its own there, which is as good.
    if (!isUpToDate()) throw error
  }
  rmSync(old, { recursive: true, force: true })
}

function removeLeftovers() {
  const prefix = `${basename(buildFolder)}.tmp-`
  for (const name of readdirSync(dirname(buildFolder)).filter((name) => name.startsWith(prefix))) {
    const folder = join(dirname(buildFolder), name)
    const { mtimeMs = Date.now() } = statSync(folder, { throwIfNoEntry: false }) ?? {}
    if (Date.now() - mtimeMs > staleMilliseconds) rmSync(folder, { recursive: true, force: true })
  }
}

try {
  await build()
} catch (error) {
  // The system's refusals, such as of a folder that cannot be written, are no bugs.
  if (!(error instanceof BuildError) && error.syscall === undefined) throw error
  console.error(`native engine: not built: ${error.message}`)
  console.error(
    'Without it fear-nas uses the WebAssembly engine, which needs no compiler and takes two to three times as long.\n' +
      'To have the native one, install a C++20 compiler (Debian, Ubuntu: apt install g++; macOS: xcode-select --install;' +
      ' or set CXX): the next search builds it, or fear-nas doctor --build does.',
  )
  process.exitCode = options.optional ? 0 : 1
}
