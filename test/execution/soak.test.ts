import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { expect, it } from 'vitest'

it('a search of 1,000 trials on two workers holds on to no memory', { timeout: 300_000 }, async () => {
  const args = ['--gc-global', '--max-semi-space-size=4', 'benchmarks/soak.mjs', '--json']
  const { stdout } = await promisify(execFile)(process.execPath, args)
  const { engine, workers, trials, outcomes, growth, residentMebibytes } = JSON.parse(stdout)
  process.stdout.write(`soak on ${engine}: resident MiB by tenths ${residentMebibytes.join(' ')}\n`)
  expect({ workers, trials }).toEqual({ workers: 2, trials: 1000 })
  expect(outcomes.scored).toBeGreaterThan(1700)
  expect(outcomes.failed).toBeUndefined()
  expect(growth).toBeLessThan(0.05)
})
