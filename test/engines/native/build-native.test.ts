import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { findCompiler } from '../../../src/platform/compiler.js'

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
    expect(output).toMatch(/install a C\+\+20 compiler.*make build/s)
  })

  it('only warns when the engine is optional', () => {
    const { status, output } = build(['--optional'], noCompiler)
    expect(status).toBe(0)
    expect(output).toMatch(/uses the WebAssembly engine.*times as long.*make build/s)
  })

  const hasCompiler = findCompiler() !== null
  if (!hasCompiler) process.stdout.write('skipped: building the native engine twice: there is no C++ compiler\n')

  it.skipIf(!hasCompiler)('skips a build that is up to date', () => {
    expect(build([])).toMatchObject({ status: 0, output: expect.stringContaining('native engine:') })
    expect(build([])).toEqual({ status: 0, output: 'native engine: up to date\n' })
  })
})
