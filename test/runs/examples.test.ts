import { readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { installPacked, run } from '../support/packed-package.js'
import { temporaryFolder } from '../support/temporary-folder.js'

const folder = temporaryFolder('examples')

/** The programs, as they are but for their budgets: they run for a minute, and a test may not. */
const programs = {
  'search.ts': readFileSync('examples/search.ts', 'utf8').replace('trials: 40', 'trials: 3'),
  'own-parts.ts': readFileSync('examples/own-parts.ts', 'utf8'),
  'library.ts': /```ts\n([\s\S]*?)```/.exec(readFileSync('docs/library.md', 'utf8'))?.[1] as string,
}

/** As a user has it: strict, and with nothing of the repository's. */
const compilerOptions = {
  target: 'ES2023',
  module: 'NodeNext',
  strict: true,
  exactOptionalPropertyTypes: true,
  types: ['node'],
  skipLibCheck: false,
}

beforeAll(() => {
  installPacked(folder)
  writeFileSync(path.join(folder, 'package.json'), JSON.stringify({ type: 'module' }))
  writeFileSync(path.join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions, include: ['*.ts'] }))
  for (const [name, text] of Object.entries(programs)) writeFileSync(path.join(folder, name), text)
  run(process.execPath, [path.resolve('node_modules/typescript/bin/tsc'), '-p', '.'], folder)
}, 300_000)

it('examples/search.ts compiles without the types of Node, and so does what engines are made of', () => {
  writeFileSync(path.join(folder, 'entries.mts'), "export type { Engine } from 'fear-nas/engine'\n")
  const bare = { compilerOptions: { ...compilerOptions, types: [], noEmit: true }, files: ['search.ts', 'entries.mts'] }
  writeFileSync(path.join(folder, 'tsconfig.bare.json'), JSON.stringify(bare))
  run(process.execPath, [path.resolve('node_modules/typescript/bin/tsc'), '-p', 'tsconfig.bare.json'], folder)
}, 300_000)

const linesOf = (program: string): readonly string[] => run(process.execPath, [program], folder).trim().split('\n')

describe('with the packed package in a folder outside the repository', () => {
  it('examples/search.ts, the shortest program, finds a network and loads it', () => {
    const lines = linesOf('search.js')
    expect(lines.filter((line) => line === 'trial-finished')).toHaveLength(3)
    expect(lines.at(-1)).toMatch(/^\|\S+\| 0\.\d+$/)
    const { command, config } = JSON.parse(readFileSync(path.join(folder, 'results/mine/summary.json'), 'utf8'))
    expect(command).toBe('fear-nas search')
    expect(config.data).toMatchObject({ train: 2000, test: 0 })
  }, 300_000)

  it('examples/own-parts.ts searches with a strategy and an evaluator of its own', () => {
    const lines = linesOf('own-parts.js')
    expect(lines).toHaveLength(12 + 1)
    for (const line of lines.slice(0, -1)) expect(line).toMatch(/^\d+ \|\S+\| scored -?[\d.]+$/)
    expect(lines.at(-1)).toMatch(/^best: \|\S+\| 0\.\d+$/)
  }, 300_000)

  it('the program of docs/library.md predicts', () => {
    const lines = linesOf('library.js')
    expect(lines.at(-2)).toMatch(/^\|\S+\| 0\.\d+$/)
    expect(lines.at(-1)).toMatch(/^\S.* 0\.\d+$/)
  }, 300_000)
})
