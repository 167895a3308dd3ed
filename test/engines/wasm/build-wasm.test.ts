import { spawnSync } from 'node:child_process'
import { cpSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { temporaryFolder } from '../../support/temporary-folder.js'

/** A copy of what the script reads. */
const copy = temporaryFolder('build-wasm')
for (const folder of ['native', 'scripts']) cpSync(folder, path.join(copy, folder), { recursive: true })

function check(folder: string) {
  const { status, stdout, stderr } = spawnSync(process.execPath, ['scripts/build-wasm.mjs', '--check'], {
    cwd: folder,
    encoding: 'utf8',
    env: { ...process.env, WASM_CXX: '/no/such/compiler' },
  })
  return { status, output: stdout + stderr }
}

describe('scripts/build-wasm.mjs --check', () => {
  // Compiling again takes longer than the other tests together: that is a step of its own in CI.
  it('finds the module to be of these sources, and says so where it cannot compile them', () => {
    const { status, output } = check('.')
    expect(status, output).toBe(0)
    expect(output).toMatch(/was built from these sources\nskipped: .*\/no\/such\/compiler/)
  })

  it('fails for a source that has changed, and says what to do', () => {
    writeFileSync(path.join(copy, 'native', 'kernels', 'added.h'), '#pragma once\n')
    const { status, output } = check(copy)
    expect(status).toBe(1)
    expect(output).toMatch(/native\/ has changed.*run node scripts\/build-wasm.mjs/)
  })

  it('fails for a module that has changed', () => {
    writeFileSync(path.join(copy, 'native', 'wasm', 'fear_nas.wasm'), 'something else')
    const { status, output } = check(copy)
    expect(status).toBe(1)
    expect(output).toMatch(/fear_nas.wasm is not the file that .*fear_nas.json describes/)
  })
})
