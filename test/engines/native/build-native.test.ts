import { spawnSync } from 'node:child_process'
import { chmodSync, cpSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { findCompiler } from '../../../src/platform/compiler.js'
import { temporaryFolder } from '../../support/temporary-folder.js'

const script = fileURLToPath(new URL('../../../scripts/build-native.mjs', import.meta.url))

function build(args: readonly string[], environment: Readonly<Record<string, string>> = {}) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [script, ...args], {
    encoding: 'utf8',
    env: { ...process.env, ...environment },
  })
  return { status, output: stdout + stderr }
}

describe('scripts/build-native.mjs', () => {
  const noCompiler = { CXX: '/no/such/compiler' }

  it('fails without a compiler and says what to do', () => {
    const { status, output } = build([], noCompiler)
    expect(status).toBe(1)
    expect(output).toContain('/no/such/compiler')
    expect(output).toMatch(/install a C\+\+20 compiler.*the next search builds it/s)
  })

  it('only warns when the engine is optional', () => {
    const { status, output } = build(['--optional'], noCompiler)
    expect(status).toBe(0)
    expect(output).toMatch(/uses the WebAssembly engine.*times as long.*fear-nas doctor --build/s)
  })

  const hasCompiler = findCompiler() !== null
  if (!hasCompiler) process.stdout.write('skipped: building the native engine twice: there is no C++ compiler\n')

  it.skipIf(!hasCompiler)('skips a build that is up to date', () => {
    expect(build([])).toMatchObject({ status: 0, output: expect.stringContaining('native engine:') })
    expect(build([])).toEqual({ status: 0, output: 'native engine: up to date\n' })
  })

  it.skipIf(process.platform === 'win32')('builds again what is not the addon that it built', () => {
    const copy = temporaryFolder('build-native')
    const addon = path.join(copy, 'build', 'native', 'fear_nas.node')
    for (const folder of ['native', 'scripts']) cpSync(folder, path.join(copy, folder), { recursive: true })
    symlinkSync(path.resolve('node_modules'), path.join(copy, 'node_modules'))
    // Writes what it was called with into the file that it was to make: compiling takes a minute.
    const compiler = path.join(copy, 'c++')
    const script = [
      '#!/bin/sh',
      'for last; do :; done',
      'test "$last" = --version || echo "$@" >"$last"',
      'echo fake 1',
      '',
    ]
    writeFileSync(compiler, script.join('\n'))
    chmodSync(compiler, 0o755)
    const again = (): string => {
      const { status, stdout } = spawnSync(process.execPath, ['scripts/build-native.mjs'], {
        cwd: copy,
        encoding: 'utf8',
        env: { ...process.env, CXX: compiler },
      })
      expect(status).toBe(0)
      return stdout.trim().split('\n').at(-1) ?? ''
    }
    expect(again()).toMatch(/native engine: built/)
    expect(again()).toBe('native engine: up to date')
    truncateSync(addon, 20)
    expect(again()).toMatch(/native engine: built/)
    rmSync(addon)
    expect(again()).toMatch(/native engine: built/)
    // As before stamps had the addon's hash.
    writeFileSync(addon.replace('.node', '.stamp'), '0123456789abcdef')
    expect(again()).toMatch(/native engine: built/)
    expect(again()).toBe('native engine: up to date')
  })
})
