/*
 * What one core of this machine can do at most: peak of float32 fused multiply-adds and the bandwidth of each level of
 * memory, measured by benchmarks/roofline.cpp, which is compiled for it. Run by `make bench`.
 *
 *   node benchmarks/roofline.mjs [--json]
 *
 * CXX names the compiler (default c++).
 */
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'

/** Bytes of a level of the first core's data cache; `otherwise` where the system does not tell. */
function cacheBytes(level, otherwise) {
  const folder = '/sys/devices/system/cpu/cpu0/cache'
  for (let index = 0; index < 8; index++) {
    try {
      const read = (name) => readFileSync(`${folder}/index${index}/${name}`, 'utf8').trim()
      if (Number(read('level')) !== level || read('type') === 'Instruction') continue
      const [, number, unit] = /^(\d+)([KM]?)/.exec(read('size'))
      return Number(number) * { '': 1, K: 2 ** 10, M: 2 ** 20 }[unit]
    } catch {
      break
    }
  }
  return otherwise
}

/** Bytes worked on in each level: half a cache, so that they stay in it, and for the memory eight times the last one. */
function workingSets() {
  const [l1, l2, l3] = [cacheBytes(1, 2 ** 15), cacheBytes(2, 2 ** 20), cacheBytes(3, 2 ** 24)]
  return { L1: l1 / 2, L2: l2 / 2, L3: Math.max(2 * l2, l3 / 4), memory: Math.max(2 ** 28, 8 * l3) }
}

const [compiler, ...flags] = (process.env.CXX || 'c++').split(/\s+/).filter((part) => part !== '')
const folder = mkdtempSync(path.join(tmpdir(), 'fear-nas-roofline-'))
try {
  const program = path.join(folder, 'roofline')
  const source = fileURLToPath(new URL('roofline.cpp', import.meta.url))
  const optimisation = ['-std=c++20', '-O3', '-march=native', '-ffp-contract=fast', '-Wall', '-Wextra']
  execFileSync(compiler, [...flags, ...optimisation, source, '-o', program], {
    stdio: ['ignore', 'inherit', 'inherit'],
  })
  const levels = Object.entries(workingSets()).map(([name, bytes]) => `${name}=${Math.round(bytes)}`)
  const measured = JSON.parse(execFileSync(program, levels, { encoding: 'utf8' }))
  const isForPrograms = process.argv.includes('--json')
  const say = isForPrograms ? process.stderr : process.stdout
  const widths = Object.entries(measured.peakGflops).toReversed()
  const peaks = widths.map(([bits, gflops]) => `${gflops} GFLOP/s with vectors of ${bits} bits`)
  say.write(`one core, float32 fused multiply-adds: ${peaks.join(', ')}\n`)
  for (const [name, { bytes, read, write, copy }] of Object.entries(measured.bandwidth)) {
    say.write(
      `${name.padEnd(7)}${(bytes / 1024).toFixed(0).padStart(8)} KiB: read ${read} GB/s, write ${write} GB/s, ` +
        `copy ${copy} GB/s (read and written bytes together)\n`,
    )
  }
  if (isForPrograms) process.stdout.write(`${JSON.stringify(measured)}\n`)
} catch (error) {
  process.stderr.write(`The roofline is not measured: ${error.message.split('\n')[0]}. Set CXX to a C++20 compiler.\n`)
  process.exitCode = 1
} finally {
  rmSync(folder, { recursive: true, force: true })
}
