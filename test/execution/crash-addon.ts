import { spawnSync } from 'node:child_process'
import { createRequire } from 'node:module'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { temporaryFolder } from '../support/temporary-folder.js'

/** Compiles the addon whose functions crash; gives its file, or null, and says so, where there is no compiler. */
export function buildCrashAddon(): string | null {
  const source = fileURLToPath(new URL('./programs/crash.cpp', import.meta.url))
  const file = path.join(temporaryFolder('crash'), 'crash.node')
  const { include_dir: headers } = createRequire(import.meta.url)('node-api-headers') as { include_dir: string }
  const link = process.platform === 'darwin' ? ['-bundle', '-undefined', 'dynamic_lookup'] : ['-shared']
  for (const compiler of process.env.CXX ? [process.env.CXX] : ['c++', 'g++', 'clang++']) {
    const { status } = spawnSync(compiler, ['-fPIC', ...link, `-I${headers}`, source, '-o', file])
    if (status === 0) return file
  }
  process.stdout.write('skipped: crashes in native code: no C++ compiler is found\n')
  return null
}
