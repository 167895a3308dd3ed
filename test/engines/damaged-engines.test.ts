import { spawnSync } from 'node:child_process'
import { cpSync, existsSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { nativeAddonPath } from '../../src/engines/native/native-engine.js'
import { temporaryFolder } from '../support/temporary-folder.js'

const built = existsSync(nativeAddonPath())
if (!built) process.stdout.write(`skipped: a damaged addon: ${nativeAddonPath()} has not been built\n`)

/** An installation of its own, whose compiled files may be damaged. */
const copy = temporaryFolder('damaged')
const addon = path.join('build', 'native', 'fear_nas.node')
const stamp = path.join('build', 'native', 'fear_nas.stamp')
const module = path.join('native', 'wasm', 'fear_nas.wasm')
const inCopy = (file: string): string => path.join(copy, file)

beforeAll(() => {
  for (const folder of ['dist/engines', 'dist/networks', 'dist/platform', 'native/wasm', 'package.json']) {
    cpSync(folder, inCopy(folder), { recursive: true })
  }
  symlinkSync(path.resolve('node_modules'), inCopy('node_modules'))
})
beforeEach(() => {
  for (const file of [...(built ? [addon, stamp] : []), module]) cpSync(file, inCopy(file))
})

/** What becomes of `chooseEngine` in a process of that installation, which may crash. */
function choose(wanted: string): { readonly name?: string; readonly warning?: string | null; readonly error?: string } {
  const program = `
    import { chooseEngine } from './dist/engines/choose-engine.js'
    const told = await chooseEngine('${wanted}').then(
      ({ engine, warning }) => ({ name: engine.name, warning }),
      (error) => ({ error: error.name + ': ' + error.message }),
    )
    console.log(JSON.stringify(told))`
  const { status, signal, stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', program], {
    cwd: copy,
    encoding: 'utf8',
  })
  expect({ status, signal, stderr }).toEqual({ status: 0, signal: null, stderr: '' })
  return JSON.parse(stdout)
}

const damages: readonly [string, (whole: Buffer) => Uint8Array][] = [
  ['empty', () => new Uint8Array(0)],
  ['cut short', (whole) => whole.subarray(0, whole.length / 2)],
  ['cut short at a page', (whole) => whole.subarray(0, 4096 * 10)],
  ['short of its last byte', (whole) => whole.subarray(0, -1)],
  ['with a bit changed', (whole) => whole.map((byte, i) => (i === whole.length >> 1 ? byte ^ 1 : byte))],
  ['with something behind it', (whole) => Buffer.concat([whole, Buffer.from('x')])],
]

function damage(file: string, change: (whole: Buffer) => Uint8Array): void {
  writeFileSync(inCopy(file), change(readFileSync(file)))
}

describe.skipIf(!built)('the native addon', () => {
  it('is loaded as it was built', () => {
    expect(choose('native')).toEqual({ name: 'native', warning: null })
  })

  it.each(damages)('is not loaded %s: auto takes another engine and says why', (_, change) => {
    damage(addon, change)
    const { name, warning } = choose('auto')
    expect(name).toBe('wasm')
    expect(warning).toMatch(
      /^Using the engine wasm: .*fear_nas.node was truncated or changed after it was built.*fear-nas doctor --build/,
    )
  })

  it('is not loaded without the record of its build, and an engine that is asked for by name is not replaced', () => {
    for (const before of ['0123456789abcdef', 'null', '{}']) {
      writeFileSync(inCopy(stamp), before)
      expect(choose('native').error).toMatch(
        /^EngineError: engine "native" cannot be loaded: .* was truncated or changed/,
      )
    }
    rmSync(inCopy(stamp))
    expect(choose('native').error).toMatch(
      /^EngineError: .*fear_nas.stamp cannot be read \(ENOENT\): build it again with: fear-nas doctor --build/,
    )
  })
})

describe('the WebAssembly module', () => {
  it.each(damages)('is not loaded %s', (_, change) => {
    damage(module, change)
    expect(choose('wasm').error).toMatch(
      /^EngineError: engine "wasm" cannot be loaded: .*fear_nas.wasm was truncated or changed after it was built.*: install fear-nas again/,
    )
  })
})
