import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { runCli } from '../cli/run-cli.js'

const page = readFileSync('docs/performance.md', 'utf8')
const makefile = readFileSync('Makefile', 'utf8')

const node = (...args: string[]) => {
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' })
  return { status, stdout, stderr }
}

/** Commands of the page's indented blocks, without the comments. */
const commands = [...page.matchAll(/^ {4}(\S.*?)(?: +#.*)?$/gm)].map((match) => match[1] as string)

describe('docs/performance.md', () => {
  it('has the figures and the roofline of results/reference/bench.json, and so has the README', () => {
    expect(node('scripts/performance-tables.mjs', '--check')).toEqual({ status: 0, stdout: '', stderr: '' })
    const names = [...page.matchAll(/<!-- bench: (\w+) -->\n\n([\s\S]*?)\n\n<!-- end of \1 -->/g)]
    expect(names.length).toBeGreaterThan(6)
    for (const [, , table] of names) expect((table as string).split('\n').length).toBeGreaterThan(1)
  })

  it('shows the layout as the script draws it', () => {
    const { status, stdout } = node('scripts/draw-layout.mjs')
    expect(status).toBe(0)
    expect(readFileSync('docs/layout.svg', 'utf8')).toBe(stdout)
  })

  it('names files and targets that exist', () => {
    for (const [, file] of page.matchAll(/\]\(((?!http)[^)]+)\)/g)) {
      expect(existsSync(path.join('docs', file as string)), file).toBe(true)
    }
    const scripts = [...page.matchAll(/node ((?:scripts|benchmarks)\/[\w-]+\.mjs)/g)]
    expect(scripts.length).toBeGreaterThan(4)
    for (const [, file] of scripts) expect(existsSync(file as string), file).toBe(true)
    for (const [, target] of page.matchAll(/make ([a-z]+)/g)) expect(makefile).toMatch(new RegExp(`^${target}:`, 'm'))
  })

  const ours = commands.filter((command) => command.startsWith('fear-nas '))

  it.each(ours)('%s has known options', async (command) => {
    const words = command.split(' ').slice(1)
    const options = words.filter((word) => word.startsWith('--'))
    const name = words.slice(0, words[0] === 'bench' ? 2 : 1)
    const { exitCode, stdout } = await runCli([...name, '--help'])
    expect(exitCode).toBe(0)
    for (const option of options) expect(stdout).toContain(option)
  })

  it('shows commands at all', () => {
    expect(ours.length).toBeGreaterThan(2)
  })
})
