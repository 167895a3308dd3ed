import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, renameSync, symlinkSync } from 'node:fs'
import path from 'node:path'

/**
 * Packs the project as npm would publish it and installs it in `folder`: `import 'fear-nas'` works there as for a user. The
 * packages that it depends on are those of the repository, and so is the native addon, which the first search would build.
 */
export function installPacked(folder: string): void {
  if (!existsSync('dist/index.js')) throw new Error('dist is absent: run "make build" first')
  const modules = path.join(folder, 'node_modules')
  mkdirSync(modules, { recursive: true })
  const packed = run('npm', ['pack', '--ignore-scripts', '--json', '--pack-destination', folder], '.')
  const [{ filename }] = JSON.parse(packed) as [{ filename: string }]
  run('tar', ['-xzf', filename], folder)
  const installed = path.join(modules, 'fear-nas')
  renameSync(path.join(folder, 'package'), installed)
  symlinkSync(path.resolve('node_modules'), path.join(installed, 'node_modules'))
  symlinkSync(path.resolve('node_modules/@types'), path.join(modules, '@types'))
  if (existsSync('build')) symlinkSync(path.resolve('build'), path.join(installed, 'build'))
}

/** Runs a program to its end and gives its standard output. */
export function run(program: string, args: readonly string[], folder: string): string {
  const { status, stderr, stdout } = spawnSync(program, args, { cwd: folder, encoding: 'utf8' })
  if (status === 0) return stdout
  throw new Error(`${program} ${args.join(' ')} ended with ${status}: ${stdout}${stderr}`)
}
