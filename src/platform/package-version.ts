import { readFileSync } from 'node:fs'
import path from 'node:path'
import { packageRoot } from './files.js'

/** The version of this package, such as `0.1.0`. */
export function packageVersion(): string {
  const { version } = JSON.parse(readFileSync(path.join(packageRoot(), 'package.json'), 'utf8')) as { version: string }
  return version
}
