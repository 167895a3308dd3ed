// Compiles native/ into native/wasm/fear_nas.wasm, which is committed, for machines without a compiler.
//
//   node scripts/build-wasm.mjs           builds it (needs the toolchain below)
//   node scripts/build-wasm.mjs --check   fails unless the committed file is what the sources give
//
// The same sources, flags and toolchain give the same bytes anywhere. Toolchain, on Debian 12:
//   apt install clang-19 lld-19 libc++-19-dev-wasm32 libclang-rt-19-dev-wasm32 wasi-libc
// Without it, or with another version, the check compares the sources with those that the file was built from, and says
// that it did not compile them. $WASM_CXX names the compiler if it is not clang++-19.
import { createHash } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
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

const moduleFile = join(sourceFolder, 'wasm', 'fear_nas.wasm')
/** What the module was built from and with. */
const recordFile = join(sourceFolder, 'wasm', 'fear_nas.json')

const target = ['--target=wasm32-wasi', '-fwasm-exceptions']
const common = [...commonFlags, ...target, '-msimd128', '-ffile-prefix-map=.=/fear-nas']
const kernels = [...common, ...kernelFlags, '-fno-exceptions', '-DFEAR_ISA=simd128']
const link = [
  ...target,
  '-mexec-model=reactor',
  '-Wl,--strip-all',
  '-Wl,--export=__stack_pointer',
  '-Wl,--max-memory=4294967296',
  '-Wl,-z,stack-size=262144',
]

/** All that the module is made of, as paths from the root. */
function sources() {
  const folders = ['kernels', 'network', 'wasm'].flatMap((folder) => filesBelow(join(sourceFolder, folder)))
  return [...folders, join(sourceFolder, 'binding', 'calls.h')].map((file) => relative(root, file))
}

function hashOf(...parts) {
  const hash = createHash('sha256')
  for (const part of parts) hash.update(part)
  return hash.digest('hex')
}

function sourcesHash() {
  return hashOf(
    JSON.stringify([kernels, common, link]),
    ...sources().flatMap((file) => [file, readFileSync(join(root, file))]),
  )
}

/** @throws BuildError if it is not there. */
async function findToolchain() {
  const compiler = findCompiler([process.env.WASM_CXX ?? 'clang++-19'])
  // The libraries go into the module too, so a version of theirs is part of the toolchain's.
  const libraries = ['libc.a', 'libc++.a', 'libclang_rt.builtins-wasm32.a']
  const paths = await Promise.all(
    libraries.map((name) =>
      run(compiler, [...target, name.includes('clang_rt') ? '-print-libgcc-file-name' : `-print-file-name=${name}`]),
    ),
  )
  try {
    return { compiler, libraries: hashOf(...paths.map((file) => readFileSync(file.trim()))) }
  } catch (error) {
    throw new BuildError(`the libraries for WebAssembly are missing (${error.message})`)
  }
}

/** @returns the module's bytes. */
async function compile({ compiler }) {
  const folder = mkdtempSync(join(tmpdir(), 'fear-nas-wasm-'))
  try {
    const jobs = sources()
      .filter((file) => file.endsWith('.cpp'))
      .map((source) => ({
        source,
        object: join(folder, `${basename(dirname(source))}-${basename(source, '.cpp')}.o`),
        flags: join(root, source) === kernelSource ? kernels : common,
      }))
    await compileAll(compiler, jobs)
    const output = join(folder, 'fear_nas.wasm')
    await run(compiler, [...link, ...jobs.map(({ object }) => object), '-o', output])
    return readFileSync(output)
  } finally {
    rmSync(folder, { recursive: true })
  }
}

async function build() {
  const toolchain = await findToolchain()
  const sourcesSha256 = sourcesHash()
  const bytes = await compile(toolchain)
  if (sourcesHash() !== sourcesSha256) throw new BuildError('native/ changed while it was compiled: start again')
  const record = {
    compiler: toolchain.compiler.version,
    librariesSha256: toolchain.libraries,
    sourcesSha256,
    moduleSha256: hashOf(bytes),
    moduleBytes: bytes.length,
  }
  writeFileSync(moduleFile, bytes)
  writeFileSync(recordFile, `${JSON.stringify(record, null, 2)}\n`)
  console.log(`wasm engine: built ${relative(root, moduleFile)}, ${bytes.length} bytes, with ${record.compiler}`)
}

async function check() {
  const again = 'run node scripts/build-wasm.mjs and commit what it writes'
  const committed = readFileSync(moduleFile)
  const record = JSON.parse(readFileSync(recordFile, 'utf8'))
  if (hashOf(committed) !== record.moduleSha256) {
    throw new BuildError(
      `${relative(root, moduleFile)} is not the file that ${relative(root, recordFile)} describes: ${again}`,
    )
  }
  if (sourcesHash() !== record.sourcesSha256) {
    throw new BuildError(`native/ has changed since ${relative(root, moduleFile)} was built: ${again}`)
  }
  const toolchain = await findToolchain().catch((error) => {
    if (error instanceof BuildError) return error.message
    throw error
  })
  const difference = toolchainDifference(toolchain, record)
  if (difference !== null) {
    console.log(`wasm engine: ${relative(root, moduleFile)} was built from these sources`)
    console.log(`skipped: compiling it again to compare the bytes: ${difference}`)
    return
  }
  if (!committed.equals(await compile(toolchain))) {
    throw new BuildError(`${relative(root, moduleFile)} is not what its sources give: ${again}`)
  }
  console.log(`wasm engine: ${relative(root, moduleFile)} is what its sources give`)
}

/** Why this toolchain cannot give the same bytes as the record's; null if it can. */
function toolchainDifference(toolchain, record) {
  if (typeof toolchain === 'string') return toolchain
  const { version } = toolchain.compiler
  if (version !== record.compiler) return `it was built with ${record.compiler}, this is ${version}`
  return toolchain.libraries === record.librariesSha256
    ? null
    : 'the C and C++ libraries for WebAssembly differ in version'
}

try {
  await (process.argv.includes('--check') ? check() : build())
} catch (error) {
  if (!(error instanceof BuildError)) throw error
  console.error(`wasm engine: ${error.message}`)
  process.exitCode = 1
}
