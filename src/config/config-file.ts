import { existsSync, readdirSync } from 'node:fs'
import path from 'node:path'
import { ConfigError } from '../platform/errors.js'
import { packageRoot } from '../platform/files.js'
import { FileKindError, readPlainFile } from '../platform/plain-file.js'

/** Maximum size: tens of thousands of lines. A larger file is not a configuration, and parsing YAML is slow. */
const mostBytes = 1024 * 1024

/**
 * The text of a configuration file.
 *
 * @throws ConfigError unless it is a plain file of UTF-8 that can be read.
 */
export function readConfigText(file: string): string {
  const bytes = readBytes(file)
  const begins = (...mark: readonly number[]): boolean => mark.every((byte, i) => bytes[i] === byte)
  if (begins(0xff, 0xfe) || begins(0xfe, 0xff))
    throw new ConfigError(`${file}:1:1  the file is UTF-16. Save it as UTF-8.`)
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    throw new ConfigError(
      `${lineAndColumn(file, bytes, firstWrong(bytes))}  the file is not UTF-8 text here. Save it as UTF-8, or name a YAML file.`,
    )
  }
}

function readBytes(file: string): Buffer {
  if (file === '') throw new ConfigError('The name of the configuration is empty. Name a YAML file.')
  try {
    const bytes = readPlainFile(file, { mostBytes })
    const nul = bytes.indexOf(0)
    // In UTF-16 every other byte of plain text is 0.
    const isWide = (bytes[0] ?? 0) >= 0xfe
    if (nul >= 0 && !isWide)
      throw new ConfigError(
        `${lineAndColumn(file, bytes, nul)}  the file has a zero byte here, so it is not text. Name a YAML file.`,
      )
    return bytes
  } catch (error) {
    if (error instanceof ConfigError) throw error
    if (error instanceof FileKindError) throw new ConfigError(`${error.message} Name a YAML file.`, { cause: error })
    const code = (error as NodeJS.ErrnoException).code
    if (code === 'ENOENT' || code === 'ENOTDIR') throw new ConfigError(`${file} does not exist. ${otherConfigs(file)}`)
    throw new ConfigError(`${file} cannot be read (${code}). Check its permissions.`, { cause: error })
  }
}

/** The length of the longest valid UTF-8 prefix, ignoring a character that is cut off at its end. */
function firstWrong(bytes: Buffer): number {
  let [good, bad] = [0, bytes.length]
  while (bad - good > 1) {
    const middle = Math.floor((good + bad) / 2)
    if (decodes(bytes.subarray(0, middle))) good = middle
    else bad = middle
  }
  return good
}

function decodes(bytes: Buffer): boolean {
  try {
    // `stream`: the last character may be incomplete.
    new TextDecoder('utf-8', { fatal: true }).decode(bytes, { stream: true })
    return true
  } catch {
    return false
  }
}

/** `FILE:LINE:COLUMN` of a byte. */
function lineAndColumn(file: string, bytes: Buffer, offset: number): string {
  const before = bytes.toString('utf8', 0, offset).split('\n')
  return `${file}:${before.length}:${(before.at(-1) ?? '').length + 1}`
}

function otherConfigs(file: string): string {
  const ours = path.join(packageRoot(), file)
  if (!path.isAbsolute(file) && existsSync(ours)) return `The package has its own: ${path.relative('', ours)}.`
  for (const folder of [path.dirname(file), 'search-configs']) {
    const found = namesIn(folder).filter((name) => /\.ya?ml$/.test(name))
    if (found.length > 0) return `There are: ${found.map((name) => path.join(folder, name)).join(', ')}.`
  }
  return 'Check the path.'
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder)
  } catch {
    return []
  }
}
