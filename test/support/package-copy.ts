import { cpSync, existsSync, mkdirSync, symlinkSync } from 'node:fs'
import path from 'node:path'

/**
 * Copies what an installed package consists of into a folder, so that a test can change it: the compiled program, the
 * WebAssembly module and the workers' programs of the tests; without the native addon. Its dependencies are those of here.
 */
export function copyPackage(folder: string): string {
  if (!existsSync('dist/cli/main.js')) throw new Error('dist is absent: run "make build" first')
  mkdirSync(folder, { recursive: true })
  const parts = ['package.json', 'dist', 'native/wasm/fear_nas.wasm', 'test/execution/programs']
  for (const part of parts) {
    cpSync(part, path.join(folder, part), { recursive: true, filter: (file) => !/\.(map|d\.ts)$/.test(file) })
  }
  symlinkSync(path.resolve('node_modules'), path.join(folder, 'node_modules'))
  return folder
}
