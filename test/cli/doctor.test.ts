import { existsSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { nativeAddonPath } from '../../src/engines/native/native-engine.js'
import { engineNames } from '../../src/engines/registry.js'
import { runCli } from './run-cli.js'

interface EngineReport {
  readonly name: string
  readonly ok: boolean
  readonly reason: string | null
  readonly step: { readonly seconds: number; readonly measuredBatch: number } | null
  readonly quickSeconds: number | null
  readonly failure: string | null
}

describe('fear-nas doctor', () => {
  it('says of every engine that loads how fast it is, and of the others why they do not', async () => {
    const { exitCode, stdout } = await runCli(['doctor', '--json'])
    expect(exitCode).toBe(0)
    const report = JSON.parse(stdout)
    const engines: readonly EngineReport[] = report.engines
    expect(engines.map(({ name }) => name)).toEqual(engineNames)
    for (const { ok, reason, step, quickSeconds, failure } of engines) {
      expect(failure).toBeNull()
      if (!ok) {
        expect({ step, quickSeconds, hasReason: (reason ?? '').length > 0 }).toEqual({
          step: null,
          quickSeconds: null,
          hasReason: true,
        })
        continue
      }
      expect(reason).toBeNull()
      expect(step?.seconds).toBeGreaterThan(0)
      expect([4, 16, 64, 128]).toContain(step?.measuredBatch)
      expect(quickSeconds).toBeGreaterThan(step?.seconds ?? Infinity)
    }
    expect(engines.find(({ name }) => name === 'tfjs-cpu')).toMatchObject({ ok: true })
    expect(engines.find(({ name }) => name === report.chosen)).toMatchObject({ ok: true })
    expect(report.hardware).toMatchObject({ node: process.version })
  })

  it('finds no compiler where there is none, and says what that means', async () => {
    const { stdout } = await runCli(['doctor'], undefined, { CXX: '/nowhere/c++' })
    expect(stdout).toContain('C++ compiler: none')
    expect(stdout).toMatch(/^engine: auto selects /m)
    if (existsSync(nativeAddonPath())) expect(stdout).toMatch(/native: loads in .*\n {4}[\d.]+ ms per training step/)
  })
})
