import { spawnSync } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, readFileSync, symlinkSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { temporaryFolder } from '../support/temporary-folder.js'

/*
 * There is no Docker where these tests run, so the image is never built here. What is checked: every file that is copied
 * exists, what the last stage holds is enough to run, and the user is not root.
 */
interface Instruction {
  readonly name: string
  readonly words: readonly string[]
}

const instructions: readonly Instruction[] = readFileSync('Dockerfile', 'utf8')
  .replaceAll(/\\\n/g, ' ')
  .split('\n')
  .filter((line) => line.trim() !== '' && !line.startsWith('#'))
  .map((line) => {
    const [name = '', ...words] = line.trim().split(/\s+/)
    return { name, words }
  })
const lastFrom = instructions.findLastIndex(({ name }) => name === 'FROM')
const last = instructions.slice(lastFrom)

/** Its sources, and whether they come from an earlier stage. */
function copied({ words }: Instruction): { readonly from: string | null; readonly sources: readonly string[] } {
  const from = words.find((word) => word.startsWith('--from='))?.slice('--from='.length) ?? null
  return { from, sources: words.filter((word) => !word.startsWith('--')).slice(0, -1) }
}

describe('the Dockerfile', () => {
  it('has known instructions, and stages of one small image', () => {
    const known = ['FROM', 'RUN', 'WORKDIR', 'COPY', 'ENV', 'USER', 'ENTRYPOINT', 'CMD']
    expect(instructions.filter(({ name }) => !known.includes(name))).toEqual([])
    const images = instructions.filter(({ name }) => name === 'FROM').map(({ words }) => words[0])
    expect(images).toEqual(['node:22-slim', 'node:22-slim'])
  })

  it('copies files that are in the repository and not ignored, or that an earlier stage has', () => {
    const ignored = readFileSync('.dockerignore', 'utf8').trim().split('\n')
    const stages = instructions.filter(({ name }) => name === 'FROM').map(({ words }) => words[2])
    for (const { from, sources } of instructions.filter(({ name }) => name === 'COPY').map(copied)) {
      if (from !== null) expect(stages).toContain(from)
      for (const source of from === null ? sources : []) {
        expect(existsSync(source), source).toBe(true)
        expect(ignored).not.toContain(source)
      }
    }
  })

  it('runs as a user who is not root', () => {
    expect(last.filter(({ name }) => name === 'USER').map(({ words }) => words)).toEqual([['node']])
    expect(last.findIndex(({ name }) => name === 'USER')).toBeLessThan(
      last.findIndex(({ name }) => name === 'ENTRYPOINT'),
    )
  })

  it('ends with all that the program needs', () => {
    const app = path.join(temporaryFolder('image'), 'app')
    mkdirSync(app)
    for (const { sources } of last.filter(({ name }) => name === 'COPY').map(copied)) {
      for (const source of sources.map((name) => name.replace(/^\/app\//, ''))) {
        if (source === 'node_modules') symlinkSync(path.resolve(source), path.join(app, source))
        else if (existsSync(source)) cpSync(source, path.join(app, source), { recursive: true })
      }
    }
    const engine = existsSync('build/native') ? 'native' : 'wasm'
    for (const args of [
      ['config', 'show', path.join(app, 'search-configs/quick.yaml')],
      ['bench', 'step', '--engine', engine, '--channels', '4', '--size', '8', '--batch', '4', '--steps', '1'],
    ]) {
      const main = path.join(app, 'dist/cli/main.js')
      const { status, stderr } = spawnSync(process.execPath, [main, ...args], { cwd: app, encoding: 'utf8' })
      expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
    }
  })
})
