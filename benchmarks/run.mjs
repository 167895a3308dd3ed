/*
 * Every benchmark, one after the other: timings must never run side by side. Run by `make bench`.
 *
 *   node benchmarks/run.mjs [--quick] [--output FILE] [--cpu N]
 *
 * Writes what was measured to FILE (build/bench.json) for scripts/performance-tables.mjs. `--quick` takes fewer rounds
 * and leaves the scaling of workers and the other engines out. `--cpu` ties what runs in one thread to a core (Linux),
 * which makes it steadier on a busy machine.
 */
import { spawn, spawnSync } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { systemClock } from '../dist/platform/clock.js'
import { describeHardware } from '../dist/platform/hardware.js'

const { values: options } = parseArgs({
  options: {
    quick: { type: 'boolean' },
    output: { type: 'string', default: 'build/bench.json' },
    cpu: { type: 'string' },
  },
})
const quick = options.quick ? ['--quick'] : []

/** Runs a benchmark, its progress to standard error, and gives its JSON; null, with the reason told, if it fails. */
function run(name, args, oneThread) {
  const script = fileURLToPath(new URL(`${name}.mjs`, import.meta.url))
  const command = [process.execPath, script, ...args, '--json']
  if (oneThread && options.cpu !== undefined) command.unshift('taskset', '-c', options.cpu)
  const [program, ...rest] = command
  process.stdout.write(`\n== ${name} ==\n`)
  return new Promise((resolve) => {
    const child = spawn(program, rest, { stdio: ['ignore', 'pipe', 'inherit'] })
    let output = ''
    child.stdout.setEncoding('utf8').on('data', (text) => (output += text))
    child.on('error', (error) => (output = String(error)))
    child.on('close', (code) => {
      if (code === 0) return resolve(JSON.parse(output))
      process.stdout.write(`${name} failed (${code}) ${output}\n`)
      process.exitCode = 1
      resolve(null)
    })
  })
}

const roofline = await run('roofline', [], true)
const sideBySide = await run('pytorch', quick, true)
const driver = await run('driver', quick, true)
const workers = options.quick ? null : await run('workers', [], false)

if (!options.quick) {
  process.stdout.write('\n== engines ==\n')
  spawnSync(process.execPath, [fileURLToPath(new URL('engines.mjs', import.meta.url))], { stdio: 'inherit' })
}

const { torch = null, isa = null, cases = [] } = sideBySide ?? {}
const result = { date: systemClock.date(), hardware: describeHardware(), roofline, torch, isa, cases, driver, workers }
mkdirSync(path.dirname(options.output), { recursive: true })
writeFileSync(options.output, `${JSON.stringify(result, null, 1)}\n`)
process.stdout.write(
  `\neverything is in ${options.output}; into the documents: node scripts/performance-tables.mjs ${options.output}\n`,
)
