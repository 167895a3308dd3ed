import { existsSync } from 'node:fs'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { chooseEngine, probeEngines, slowdowns } from '../../src/engines/choose-engine.js'
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

/** On a machine with a GPU and TensorFlow, `auto` would take that. */
function hideGpus(): void {
  vi.stubEnv('CUDA_VISIBLE_DEVICES', '')
}

afterEach(() => {
  vi.unstubAllEnvs()
})

describe('the registry', () => {
  const always = engineNames.filter((name) => name !== 'tensorflow' && (built || name !== 'native'))

  it.each(always)('loads %s under its own name', async (name) => {
    expect((await loadEngine(name)).name).toBe(name)
  })

  it('tries the fastest first', () => {
    expect(engineNames).toEqual(['tensorflow', 'native', 'wasm', 'tfjs-cpu'])
  })
})

describe('choosing an engine', () => {
  it.skipIf(!built)('prefers native where there is no GPU, without a warning', async () => {
    hideGpus()
    const { engine, tried, warning } = await chooseEngine('auto')
    expect(engine.name).toBe('native')
    expect(tried.map(({ name, ok }) => [name, ok])).toEqual([
      ['tensorflow', false],
      ['native', true],
    ])
    expect(tried[0]?.reason).toMatch(/no NVIDIA GPU/)
    expect(warning).toBeNull()
  })

  it('falls back on wasm where native cannot be loaded, and says how much slower that is, why, and what to do', async () => {
    hideGpus()
    breakNative()
    const { engine, tried, warning } = await chooseEngine('auto')
    expect(engine.name).toBe('wasm')
    expect(tried.map(({ name, ok }) => [name, ok])).toEqual([
      ['tensorflow', false],
      ['native', false],
      ['wasm', true],
    ])
    expect(warning).toContain(`Using the engine wasm: training takes about ${slowdowns.wasm} times as long`)
    expect(warning).toContain(tried[1]?.reason)
    expect(warning).toMatch(/set FEAR_NAS_ISA to one of|FEAR_NAS_NO_BUILD is set.*fear-nas doctor --build/)
    expect(warning).not.toContain('tensorflow')
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
    const probes = await probeEngines(systemClock)
    expect(probes.map(({ name }) => name)).toEqual(engineNames)
    const [, native, wasm, tfjs] = probes
    expect(native).toMatchObject({ name: 'native', ok: false, info: null })
    expect(native?.reason).toBeTruthy()
    expect(wasm).toMatchObject({ name: 'wasm', ok: true, reason: null, info: { device: 'simd128', gpu: false } })
    expect(tfjs).toMatchObject({ name: 'tfjs-cpu', ok: true, reason: null, info: { device: 'javascript' } })
    expect(tfjs?.info?.version).toMatch(/^\d+\.\d+\.\d+$/)
    expect(tfjs?.loadMilliseconds).toBeGreaterThan(0)
  })
})
