import { chmodSync, existsSync, readdirSync, truncateSync } from 'node:fs'
import path from 'node:path'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { nativeAddonPath } from '../../../src/engines/native/native-engine.js'
import { choosing, endOf, Installation, outputOf } from './installation.js'

const built = existsSync(nativeAddonPath())
if (!built) process.stdout.write(`skipped: building at the first start: ${nativeAddonPath()} has not been built\n`)

const building = /^Building the native engine \(once, about \d+ s\) \.\.\.$/
let installed: Installation

beforeEach(() => {
  installed = new Installation()
  installed.setCompiler()
})

describe.skipIf(!built || process.platform === 'win32')('an installation without an addon', () => {
  it.each(['auto', 'native'])('builds it when %s is wanted, once, and says so in a line', async (wanted) => {
    const first = await installed.choose(wanted)
    expect(first).toEqual({ name: 'native', warning: null, told: [expect.stringMatching(building)] })
    expect(installed.hasPackagedAddon()).toBe(true)
    expect(readdirSync(path.join(installed.root, 'build'))).toEqual(['native'])
    expect(await installed.choose(wanted)).toEqual({ name: 'native', warning: null, told: [] })
    expect(installed.links()).toBe(1)
  })

  it('does not build it for another engine, nor in a worker', async () => {
    expect(await installed.choose('wasm')).toEqual({ name: 'wasm', warning: null, told: [] })
    const program = `
      import { loadEngine } from './dist/engines/registry.js'
      console.log(await loadEngine('native').catch((error) => error.message))`
    expect(await outputOf(installed.start(program))).toMatch(
      /not built: the next run that uses it builds it \(about \d+ s\), or now: fear-nas doctor --build/,
    )
    expect(installed.links()).toBe(0)
  })

  it('is built by one of several processes; the others wait for it', async () => {
    // Until the others wait, which they say.
    const waiting = path.join(installed.root, 'waiting')
    installed.setCompiler(`while [ "$(ls '${installed.root}' | grep -c '^waiting')" -lt 2 ]; do :; done`)
    const program = choosing('auto').replace(
      'told.push(line)',
      `{ told.push(line); if (line.startsWith('Waiting')) writeFileSync('${waiting}' + process.pid, '') }`,
    )
    const processes = [1, 2, 3].map(() => installed.start(`import { writeFileSync } from 'node:fs'; ${program}`))
    const choices = (await Promise.all(processes.map(outputOf))).map((text) => JSON.parse(text))
    expect(choices.map(({ name }) => name)).toEqual(['native', 'native', 'native'])
    expect(choices.flatMap(({ told }) => told).sort()).toEqual([
      expect.stringMatching(building),
      ...Array(2).fill('Waiting for the native engine, which another process is building (once) ...'),
    ])
    expect(installed.links()).toBe(1)
  })

  it('is built by another process when the one that builds it is killed', async () => {
    installed.setCompiler('exec sleep 1000')
    const first = installed.start(choosing('auto'))
    await vi.waitFor(() => expect(installed.links()).toBe(1), { timeout: 30_000 })
    // With its compiler.
    process.kill(-(first.pid ?? Number.NaN), 'SIGKILL')
    await new Promise((resolve) => first.once('exit', resolve))
    expect(existsSync(path.join(installed.root, 'build', 'native.lock'))).toBe(true)
    installed.setCompiler()
    expect(await installed.choose('auto')).toMatchObject({ name: 'native', told: [expect.stringMatching(building)] })
  })

  it('goes on with wasm if the build fails, says why, and tries again only with another compiler', async () => {
    installed.setCompiler("echo 'kernels.cpp:1:2: error: no such vector' >&2; exit 1")
    const { name, warning, told } = await installed.choose('auto')
    expect({ name, told }).toEqual({ name: 'wasm', told: [expect.stringMatching(building)] })
    expect(warning).toMatch(/native \(building the native engine failed: kernels.cpp:1:2: error: no such vector\)/)
    const again = await installed.choose('auto')
    expect(again).toMatchObject({ name: 'wasm', told: [] })
    expect(again.warning).toMatch(
      /building it failed on \d{4}-\d\d-\d\d \(kernels.cpp:1:2: error: no such vector\). Try again with: fear-nas doctor --build/,
    )
    expect(installed.links()).toBe(1)
    installed.setCompiler(':', 'stand-in 2')
    expect(await installed.choose('auto')).toMatchObject({ name: 'native' })
    expect(readdirSync(path.join(installed.root, 'build'))).toEqual(['native'])
  })

  it('does not take an addon that does not load', async () => {
    installed.setCompiler('echo >"$last"; exit')
    const { name, warning } = await installed.choose('auto')
    expect(name).toBe('wasm')
    expect(warning).toMatch(/building the native engine failed: the native engine does not load/)
  })

  it('goes on with wasm without a compiler, and says what to install', async () => {
    const without = await installed.choose('auto', { CXX: '', PATH: '/nowhere' })
    expect(without).toMatchObject({ name: 'wasm', told: [] })
    expect(without.warning).toMatch(/no C\+\+ compiler was found \(tried c\+\+, g\+\+, clang\+\+\). Install one/)
    const { error } = await installed.choose('native', { CXX: '/nowhere/c++' })
    expect(error).toMatch(/engine "native" cannot be loaded: .*CXX is "\/nowhere\/c\+\+", which is no C\+\+ compiler/)
  })

  it('builds nothing with FEAR_NAS_NO_BUILD', async () => {
    const { name, warning, told } = await installed.choose('auto', { FEAR_NAS_NO_BUILD: '1' })
    expect({ name, told }).toEqual({ name: 'wasm', told: [] })
    expect(warning).toMatch(
      /FEAR_NAS_NO_BUILD is set, so that it is not built; unset it, or run: fear-nas doctor --build/,
    )
  })

  it('builds an addon again that was damaged', async () => {
    await installed.choose('auto')
    truncateSync(installed.packagedAddon, 100)
    expect(await installed.choose('auto')).toMatchObject({ name: 'native', told: [expect.stringMatching(building)] })
    expect(await installed.choose('auto')).toMatchObject({ name: 'native', told: [] })
  })

  it('is built in the cache of the user, privately, if the package cannot be written', async () => {
    chmodSync(installed.root, 0o555)
    expect(await installed.choose('auto')).toMatchObject({ name: 'native', told: [expect.stringMatching(building)] })
    expect(installed.hasPackagedAddon()).toBe(false)
    expect(await installed.choose('auto')).toEqual({ name: 'native', warning: null, told: [] })
    expect(installed.links()).toBe(1)
    const [own = ''] = readdirSync(installed.cache)
    expect(own).toMatch(/^native-\d+$/)
    // Not loaded from where somebody else can write.
    chmodSync(path.join(installed.cache, own), 0o777)
    expect(await installed.choose('auto')).toMatchObject({
      name: 'wasm',
      warning: expect.stringContaining('FEAR_NAS_CACHE'),
    })
    chmodSync(installed.root, 0o755)
  })

  it('is built by fear-nas doctor --build, which says where, also if that failed before', async () => {
    installed.setCompiler('exit 1')
    expect(await installed.choose('auto')).toMatchObject({ name: 'wasm' })
    const doctor = async (...options: string[]) => endOf(installed.run(['dist/cli/main.js', 'doctor', ...options]))
    const failed = await doctor('--build', '--json')
    expect(failed).toMatchObject({
      code: 1, // The library of TensorFlow may print lines of its own.
      errors: expect.stringMatching(/^Building the native engine .*\n/),
    })
    expect(JSON.parse(failed.output)).toMatchObject({
      addon: null,
      chosen: 'wasm',
      build: { file: null, reason: expect.stringContaining('building the native engine failed') },
    })
    installed.setCompiler()
    expect(await installed.choose('auto')).toMatchObject({ name: 'wasm' })
    const { code, output } = await doctor('--build')
    expect(code).toBe(0)
    expect(output).toMatch(/^native engine: built .*\/package\/build\/native\/fear_nas.node in \d+ s$/m)
    expect(output).toMatch(/^engine: auto selects native$/m)
  })
})
