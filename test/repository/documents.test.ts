import { existsSync, readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { loadConfig } from '../../src/config/load-config.js'
import { runCli } from '../cli/run-cli.js'

const readme = readFileSync('README.md', 'utf8')
const documents = [
  'README.md',
  'CONTRIBUTING.md',
  'native/README.md',
  ...readdirSync('docs')
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/${name}`),
]
const makefile = readFileSync('Makefile', 'utf8')

/** Every `fear-nas ...` line of the README's shell blocks, split as a shell would. */
const commands = [...readme.matchAll(/```sh\n([\s\S]*?)```/g)]
  .flatMap((block) => (block[1] as string).split('\n'))
  .filter((line) => line.startsWith('fear-nas '))
  .map((line) => [...line.matchAll(/'([^']*)'|(\S+)/g)].map((word) => word[1] ?? (word[2] as string)).slice(1))

describe('the README', () => {
  it('shows commands of every kind', () => {
    expect(new Set(commands.map(([name]) => name))).toEqual(
      new Set('space doctor config bench compare search rank score resume status tail list export predict'.split(' ')),
    )
  })

  it.each(
    commands
      .filter(([name]) => ['space', 'doctor', 'config', 'bench', 'score'].includes(name as string))
      .map((c) => [c.join(' '), c]),
  )('fear-nas %s works', async (_, command) => {
    // Without TensorFlow's library, which writes to standard error as it pleases.
    const env = { FEAR_NAS_TFJS_NODE: '' }
    expect(await runCli(command as string[], undefined, env)).toMatchObject({ exitCode: 0, stderr: '' })
  })

  it.each(
    commands.filter(([name]) => ['compare', 'search', 'rank'].includes(name as string)).map((c) => [c.join(' '), c]),
  )('fear-nas %s has a good configuration and known options', async (_, command) => {
    const [name, file, ...options] = command as string[]
    const sets = options.filter((_, index) => options[index - 1] === '--set')
    loadConfig(file as string, sets)
    const { stdout } = await runCli([name as string, '--help'])
    for (const option of options.filter((word) => word.startsWith('--'))) expect(stdout).toContain(option)
  })

  it('shows the program that is in examples/', () => {
    const [, program] = /```ts\n([\s\S]*?)```/.exec(readme) ?? []
    expect(readFileSync('examples/search.ts', 'utf8')).toContain(program)
  })
})

describe('every document', () => {
  it.each(documents)('%s names only make targets and files that exist', (document) => {
    const text = readFileSync(document, 'utf8')
    for (const [, target] of text.matchAll(/(?:^ {4}|`)make ([a-z-]+)/gm))
      expect(makefile).toMatch(new RegExp(`^${target}:`, 'm'))
    for (const [, file] of text.matchAll(/\]\(((?!http|#)[^)]+)\)/g)) {
      expect(existsSync(path.join(path.dirname(document), file as string)), `${document} links ${file}`).toBe(true)
    }
    for (const [, file] of text.matchAll(/`((?:src|test|scripts|search-configs)\/[\w./-]+)`/g)) {
      const isPattern = (file as string).includes('NAME')
      expect(isPattern || existsSync(file as string), `${document} names ${file}`).toBe(true)
    }
  })

  it('is found by this test', () => {
    const found = readdirSync('.').filter((name) => name.endsWith('.md') && name !== 'CHANGELOG.md')
    expect(documents).toEqual(expect.arrayContaining(found))
    expect(documents.length).toBeGreaterThan(4)
  })
})
