import { spawnSync } from 'node:child_process'
import { isBuiltin } from 'node:module'
import { ConfigError } from '../errors.js'
import { firstLineOf } from '../message-of.js'
import { moduleFile, requireHere } from './module-file.js'

/**
 * The default export of a user's module, which must be a function. Runs the module's code in this process, as an import
 * does; the module may not use top-level `await`.
 *
 * @param kind what the module makes, for messages: `a strategy`
 * @param signature of the expected function, for messages: `(options, space, rng) => strategy`
 * @throws ConfigError if the module cannot be loaded or has no function as its default export.
 */
export function loadFactory(module: string, kind: string, signature: string): (...args: never[]) => unknown {
  if (isBuiltin(module)) throw new ConfigError(`${module} is a module of Node, not ${kind}.`)
  let loaded: unknown
  try {
    loaded = requireHere()(module)
  } catch (error) {
    if (/\.[cm]?ts$/.test(module) && !stripsTypes && error instanceof SyntaxError) {
      throw new ConfigError(`${module} cannot be loaded as ${kind}: ${typescriptReason}`, { cause: error })
    }
    const where = error instanceof SyntaxError ? syntaxPosition(module) : null
    throw new ConfigError(`${where ?? module} cannot be loaded as ${kind}: ${firstLineOf(error)}`, { cause: error })
  }
  const factory = (loaded as { readonly default?: unknown } | null)?.default
  if (typeof factory === 'function') return factory as (...args: never[]) => unknown
  throw new ConfigError(`${module} must have a function as its default export: ${signature}. See docs/extending.md.`)
}

const stripsTypes = Boolean((process.features as { readonly typescript?: unknown }).typescript)
const typescriptReason =
  `Node ${process.versions.node} does not read TypeScript; 22.18, 23.6 and newer do. Compile it to JavaScript, and name ` +
  'the .js or .mjs file.'

/** `FILE:LINE:COLUMN` of a syntax error, which Node only prints; null if it is in a file that the module imports. */
function syntaxPosition(module: string): string | null {
  const file = moduleFile(module)?.path
  if (file === undefined) return null
  const { stderr } = spawnSync(process.execPath, ['--check', file], { encoding: 'utf8' })
  const [, place = '', line, marked = ''] = /^(.*):(\d+)\n.*\n(.*)\n/.exec(stderr) ?? []
  return line === undefined || !place.endsWith(file) || !marked.includes('^')
    ? null
    : `${module}:${line}:${marked.indexOf('^') + 1}`
}
