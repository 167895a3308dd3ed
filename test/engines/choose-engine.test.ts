import { existsSync } from 'node:fs'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { chooseEngine, probeEngines } from '../../src/engines/choose-engine.js'
import { nativeAddonPath } from '../../src/engines/native/native-engine.js'
import { engineNames, loadEngine } from '../../src/engines/registry.js'
import { systemClock } from '../../src/platform/clock.js'
import { EngineError } from '../../src/platform/errors.js'

const built = existsSync(nativeAddonPath())
if (!built) process.stdout.write(`skipped: choosing the native engine: ${nativeAddonPath()} has not been built\n`)

/** With an instruction set that no processor has, the native engine cannot be loaded, built or not. */
function breakNative(): void {
  vi.stubEnv('FEAR_NAS_ISA', 'abacus')
}

afterEach(() => {
  vi.unstubAllEnvs()
})

describe('the registry', () => {
  it.each(engineNames.filter((name) => built || name !== 'native'))('loads %s under its own name', async (name) => {
    expect((await loadEngine(name)).name).toBe(name)
  })
})

describe('choosing an engine', () => {
  it.skipIf(!built)('prefers native, without a warning', async () => {
    const { engine, tried, warning } = await chooseEngine('auto')
    expect(engine.name).toBe('native')
    expect(tried).toEqual([{ name: 'native', ok: true, reason: null }])
    expect(warning).toBeNull()
  })

  it('falls back on tfjs-cpu where native cannot be loaded, and says why, how much slower and what to do', async () => {
    breakNative()
    const { engine, tried, warning } = await chooseEngine('auto')
    expect(engine.name).toBe('tfjs-cpu')
    expect(tried.map(({ name, ok }) => [name, ok])).toEqual([
      ['native', false],
      ['tfjs-cpu', true],
    ])
    expect(warning).toContain(tried[0]?.reason)
    expect(warning).toMatch(/about \d+ times as long .* Install a C\+\+ compiler and run "make build"/)
  })

  it('takes the engine that was asked for, without a warning', async () => {
    const { engine, tried, warning } = await chooseEngine('tfjs-cpu')
    expect(engine.name).toBe('tfjs-cpu')
    expect(tried).toEqual([{ name: 'tfjs-cpu', ok: true, reason: null }])
    expect(warning).toBeNull()
  })

  it('does not replace an engine that was asked for', async () => {
    breakNative()
    const error: unknown = await chooseEngine('native').catch((caught: unknown) => caught)
    expect(error).toBeInstanceOf(EngineError)
    expect(String(error)).toMatch(/^EngineError: engine "native" cannot be loaded: [^\n]+$/)
  })
})

describe('probing engines', () => {
  it('says of each engine what it is, or why it cannot be loaded', async () => {
    breakNative()
    const [native, tfjs] = await probeEngines(systemClock)
    expect(native).toMatchObject({ name: 'native', ok: false, info: null })
    expect(native?.reason).toBeTruthy()
    expect(tfjs).toMatchObject({ name: 'tfjs-cpu', ok: true, reason: null, info: { device: 'javascript' } })
    expect(tfjs?.info?.version).toMatch(/^\d+\.\d+\.\d+$/)
    expect(tfjs?.loadMilliseconds).toBeGreaterThan(0)
  })
})
