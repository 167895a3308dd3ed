import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import { cellNetwork } from '../../../src/conformance/engine/networks.js'
import { encodePlan } from '../../../src/engines/compiled/plan.js'
import { nativeAddonPath } from '../../../src/engines/native/native-engine.js'

const program = fileURLToPath(new URL('./programs/raw-calls.mjs', import.meta.url))
const plan = encodePlan(cellNetwork(3)).join(',')

it.each([1, 2, 3])('the addon survives any arguments, seed %d', (seed) => {
  const calls = 20_000
  const args = [program, nativeAddonPath(), plan, String(seed), String(calls)]
  const { status, signal, stdout, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' })
  expect({ status, signal, stderr }).toEqual({ status: 0, signal: null, stderr: '' })
  const { threw, returned, plansTaken } = JSON.parse(stdout)
  expect(threw + returned).toBe(calls)
  // Neither all refused, which would show nothing, nor all taken.
  expect(threw).toBeGreaterThan(calls / 4)
  expect(returned).toBeGreaterThan(calls / 10)
  expect(plansTaken).toBeGreaterThan(5)
})
