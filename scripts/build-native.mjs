// Compiles native/ into build/native/fear_nas.node with nothing but Node, a C++20 compiler and node-api-headers.
//
//   node scripts/build-native.mjs              fails if the addon cannot be built
//   node scripts/build-native.mjs --optional   warns instead: what `npm install` runs
//
// $CXX chooses the compiler; else c++, g++ and clang++ are tried in that order. A build whose sources, flags and compiler
// have not changed is skipped, if the addon is still the one that it made.
import { createHash } from 'node:crypto'
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { basename, dirname, join, relative } from 'node:path'
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

const buildFolder = join(root, 'build', 'native')
const addon = join(buildFolder, 'fear_nas.node')
/** What the addon was made of, and its own hash: it is loaded only if that fits. */
const stampFile = join(buildFolder, 'fear_nas.stamp')
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
function compilations(compiler) {
  const isGcc = !/clang/i.test(compiler.version)
  const common = [...commonFlags, '-fPIC', ...(isX64 ? ['-DFEAR_X64'] : []), `-I${nodeHeaders()}`]
  const others = sources().filter((file) => file.endsWith('.cpp') && file !== kernelSource)
  return [
    ...instructionSets.map(({ name, flags }) => ({
      source: kernelSource,
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
function sourcesHash(compiler, jobs) {
  const hash = createHash('sha256')
  hash.update(JSON.stringify([compiler, jobs.map(({ flags }) => flags), process.platform, process.arch]))
  for (const file of sources()) hash.update(relative(root, file)).update(readFileSync(file))
  return hash.digest('hex')
}

/** Whether the addon is the one that was made of these sources. */
function isUpToDate(sourcesSha256) {
  try {
    const stamp = JSON.parse(readFileSync(stampFile, 'utf8'))
    return stamp.sourcesSha256 === sourcesSha256 && stamp.addonSha256 === addonHash(addon)
  } catch {
    return false
  }
}

function addonHash(file) {
  return createHash('sha256').update(readFileSync(file)).digest('hex')
}

async function build() {
  const compiler = findCompiler(process.env.CXX ? [process.env.CXX] : ['c++', 'g++', 'clang++'])
  const jobs = compilations(compiler)
  const sourcesSha256 = sourcesHash(compiler, jobs)
  if (isUpToDate(sourcesSha256)) {
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
  const addonSha256 = addonHash(fresh)
  renameSync(fresh, addon)
  writeFileSync(stampFile, `${JSON.stringify({ sourcesSha256, addonSha256 })}\n`)
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
    'Without it fear-nas uses the WebAssembly engine, which needs no compiler and takes two to three times as long.\n' +
      'To have the native one, install a C++20 compiler (Debian, Ubuntu: apt install g++; macOS: xcode-select --install;' +
      ' or set CXX) and run: make build',
  )
  process.exitCode = isOptional ? 0 : 1
}
